"""Write src/model/probe.onnx: the small network that shows whether a device works.

A convolution of 3 x 3 ones with a bias of -40, then max(x, 0). Of the numbers 0 to 15 in four rows it
makes 5, 14, 41 and 50, exactly even in 16 bits. Run it with target/models-venv/bin/python.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TARGET = Path(__file__).resolve().parents[2] / "src/model/probe.onnx"


def main() -> None:
    weights = numpy_helper.from_array(np.ones((1, 1, 3, 3), np.float32), "w")
    bias = numpy_helper.from_array(np.array([-40], np.float32), "b")
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w", "b"], ["c"]), helper.make_node("Relu", ["c"], ["y"])],
        "probe",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 4, 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 2, 2])],
        [weights, bias],
    )
    # As the models of the pack, so that ONNX Runtime 1.17 reads it.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    TARGET.write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
