"""A small builder of ONNX graphs: nodes with their weights, named in the order they are added."""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

# Old enough for every ONNX Runtime from 1.14 on.
OPSET, IR_VERSION = 17, 8


class Graph:
    """Nodes and weights of one ONNX graph under construction."""

    def __init__(self, name: str):
        self.name, self.nodes, self.weights, self.count = name, [], [], 0

    def constant(self, values: np.ndarray) -> str:
        """Add a weight and return its name."""
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def add(self, operator: str, *inputs: str, output: str | None = None, **attributes) -> str:
        """Add a node and return the name of its one output."""
        self.count += 1
        output = output or f"{operator.lower()}{self.count}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output],
                                           name=f"n{self.count}", **attributes))
        return output

    def convolution(self, x: str, weight: np.ndarray, bias: np.ndarray, **attributes) -> str:
        """A convolution with bias."""
        return self.add("Conv", x, self.constant(weight), self.constant(bias), **attributes)

    def dense(self, x: str, weight: np.ndarray, bias: np.ndarray, output: str | None = None) -> str:
        """x (N, in) times weight (out, in) transposed, plus bias."""
        return self.add("Gemm", x, self.constant(weight), self.constant(bias), output=output, transB=1)

    def bytes(self, inputs: dict[str, list], outputs: dict[str, list]) -> bytes:
        """Check the graph and serialise it; shapes name their dynamic axes."""
        def values(described):
            return [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in described.items()]
        graph = helper.make_graph(self.nodes, self.name, values(inputs), values(outputs), self.weights)
        model = helper.make_model(graph, producer_name="verify", ir_version=IR_VERSION,
                                  opset_imports=[helper.make_opsetid("", OPSET)])
        checker.check_model(model, full_check=True)
        return model.SerializeToString(deterministic=True)
