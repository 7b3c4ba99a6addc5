"""The face detector YuNet as a float graph for pictures of any size, from its 8-bit ONNX file."""

import numpy as np
from onnx import helper

from dequantise import Quantised
from graph import Graph

# What the network says of each cell, and in how many numbers.
HEADS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
STRIDES = (8, 16, 32)
BORDER = [1, 1, 1, 1]


def build(source: Quantised) -> bytes:
    """image (1, 3, H, W), BGR 0..255, sides multiples of 32 -> cls_s, obj_s, bbox_s, kps_s (1, cells, k)."""
    g = Graph("yunet")
    features = body(g, source)
    for level, stride in enumerate(STRIDES):
        head(g, source, features[level], level, stride)
    return g.bytes({"image": [1, 3, "height", "width"]},
                   {f"{kind}_{stride}": [1, f"cells_{stride}", size]
                    for kind, size in HEADS.items() for stride in STRIDES})


def body(g: Graph, source: Quantised) -> list[str]:
    """Every node before the heads, as it is; returns what the heads of each level look at."""
    names = {"input": "image"}
    features = {}
    for node in source.nodes:
        if node.op_type == "Conv" and node.input[1].startswith("bbox_head"):
            level = int(node.input[1].split(".")[2])
            features.setdefault(level, names.get(node.input[0]))
        elif node.op_type in ("Conv", "Relu", "MaxPool", "Add"):
            inputs = [names.get(name) or weight(g, source, name) for name in node.input]
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            names[node.output[0]] = g.add(node.op_type, *inputs, **attributes)
        elif node.op_type == "Resize":
            names[node.output[0]] = g.add(
                "Resize", names[node.input[0]], "", weight(g, source, node.input[2]), mode="nearest",
                coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    return [features[level] for level in sorted(features)]


def head(g: Graph, source: Quantised, x: str, level: int, stride: int) -> None:
    """The four heads of one level as one.

    Each is a 1 x 1 convolution and a depthwise one. Side by side they have 16 channels, a number
    that ONNX Runtime's fast kernels want; alone, 1, 1, 4 and 10.
    """
    def joined(name: str) -> np.ndarray:
        return np.concatenate([source.weight(name_of(source, f"bbox_head.multi_level_{kind}.{level}.{name}"))
                               for kind in HEADS]).astype(np.float32)
    x = g.convolution(x, joined("conv1.weight"), joined("conv1.bias"))
    x = g.convolution(x, joined("conv2.weight"), joined("conv2.bias"), pads=BORDER, group=sum(HEADS.values()))
    x = g.add("Transpose", x, perm=[0, 2, 3, 1])
    x = g.add("Reshape", x, g.constant(np.array([1, -1, sum(HEADS.values())], dtype=np.int64)))
    start = 0
    for kind, size in HEADS.items():
        output = f"{kind}_{stride}"
        sure = kind in ("cls", "obj")
        part = slice_of(g, x, start, size, None if sure else output)
        if sure:
            g.add("Sigmoid", part, output=output)
        start += size


def slice_of(g: Graph, x: str, start: int, size: int, output: str | None) -> str:
    """`size` of the numbers of each cell, from number `start` on."""
    bounds = [g.constant(np.array([n], dtype=np.int64)) for n in (start, start + size, 2)]
    return g.add("Slice", x, *bounds, output=output)


def weight(g: Graph, source: Quantised, name: str) -> str:
    """Add a weight of the file to the graph."""
    return g.constant(source.weight(name).astype(np.float32))


def name_of(source: Quantised, name: str) -> str:
    """The name by which nodes know a weight, whether it is stored in 8 bits or not."""
    known = [name, f"{name}_reshaped", f"{name}_dequantized"]
    return next(n for n in known if n in source.blocks or n in source.plain)
