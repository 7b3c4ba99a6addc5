"""Read ONNX files whose weights are 8-bit numbers in blocks, and write such weights again.

A block is a run of numbers along the last axis with one scale and one zero point:
weight = (number - zero) * scale. Nothing is rounded here but to f32 at the end.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from graph import Graph


@dataclass(frozen=True)
class Blocks:
    """One 8-bit weight: rows of numbers, and of each block of a row the scale and the zero point."""

    numbers: np.ndarray  # i8 (..., blocks * size)
    scales: np.ndarray  # f32 (..., blocks)
    zeros: np.ndarray  # i8 (..., blocks)
    shape: tuple[int, ...]  # of the weight

    def expand(self) -> np.ndarray:
        """The weight in double precision."""
        blocks = self.numbers.reshape(*self.scales.shape, -1).astype(np.float64)
        blocks = (blocks - self.zeros[..., None]) * self.scales[..., None].astype(np.float64)
        return blocks.reshape(self.shape)

    def add_to(self, g: Graph, factors: np.ndarray) -> str:
        """Add the weight, its rows times `factors`, to a graph as 8-bit numbers; its name there."""
        return g.add("Reshape", self.add_blocks_to(g, factors), g.constant(np.array(self.shape, dtype=np.int64)))

    def add_blocks_to(self, g: Graph, factors: np.ndarray) -> str:
        """As `add_to`, but every block is a row, and the weight has yet to get its shape.

        Opset 17 knows no blocks, only a scale for each row. ONNX Runtime works the weight out once,
        while it loads the graph, if `session.disable_quant_qdq` is set, else in every run.
        """
        scales = self.scales.astype(np.float64) * factors[:, None]
        return g.add("DequantizeLinear", g.constant(self.numbers.reshape(self.scales.size, -1)),
                     g.constant(scales.ravel().astype(np.float32)), g.constant(self.zeros.ravel()), axis=0)


class Quantised:
    """An ONNX file: its nodes, its plain weights, and its 8-bit weights by the names that nodes use."""

    def __init__(self, path: Path):
        graph = onnx.load(path).graph
        self.nodes = list(graph.node)
        self.plain = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.reshaped = {n.input[0]: n for n in self.nodes if n.op_type == "Reshape"}
        self.blocks = dict(self.dequantised(n) for n in self.nodes if n.op_type == "DequantizeLinear")

    def dequantised(self, node: onnx.NodeProto) -> tuple[str, Blocks]:
        """The weight that a DequantizeLinear node, and the Reshape behind it if any, makes."""
        numbers, scales, zeros = (self.plain[name] for name in node.input)
        reshape = self.reshaped.get(node.output[0])
        shape = self.plain[reshape.input[1]] if reshape else numbers.shape
        return (reshape or node).output[0], Blocks(numbers, scales, zeros, tuple(int(n) for n in shape))

    def weight(self, name: str) -> np.ndarray:
        """A weight in double precision, however it is stored."""
        return self.blocks[name].expand() if name in self.blocks else self.plain[name].astype(np.float64)
