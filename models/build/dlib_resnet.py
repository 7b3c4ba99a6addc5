"""dlib's face recognition ResNet as an ONNX graph."""

import numpy as np

from dlib_dat import Convolution
from graph import Graph

MEAN = np.array([122.782, 117.001, 104.298], dtype=np.float32)
SIDE = 150
# Input channels, output channels and stride of each residual block, input to output.
BLOCKS = ([(32, 32, 1)] * 3 + [(32, 64, 2)] + [(64, 64, 1)] * 3 + [(64, 128, 2)]
          + [(128, 128, 1)] * 2 + [(128, 256, 2)] + [(256, 256, 1)] * 2 + [(256, 256, 2)])


def build(convolutions: list[Convolution], matrix: np.ndarray) -> bytes:
    """crops (N, 3, 150, 150), RGB 0..255 -> embedding (N, 128), as dlib gives it: not normalised."""
    g = Graph("dlib_resnet_v1")
    x = g.add("Sub", "crops", g.constant(MEAN.reshape(1, 3, 1, 1)))
    x = g.add("Mul", x, g.constant(np.float32(1 / 256)))
    remaining = iter(convolutions)
    x = relu_convolution(g, x, next(remaining), strides=[2, 2])
    x = g.add("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])
    side = ((SIDE - 7) // 2 + 1 - 3) // 2 + 1
    for inputs, outputs, stride in BLOCKS:
        x, side = block(g, x, (next(remaining), next(remaining)), (inputs, outputs, stride), side)
    x = g.add("Flatten", g.add("GlobalAveragePool", x), axis=1)
    g.add("MatMul", x, g.constant(matrix), output="embedding")
    return g.bytes({"crops": ["faces", 3, SIDE, SIDE]}, {"embedding": ["faces", 128]})


def block(g: Graph, x: str, convolutions: tuple, shape: tuple, side: int) -> tuple[str, int]:
    """One residual block: two convolutions beside a skip; returns its output and its side."""
    inputs, outputs, stride = shape
    first, second = convolutions
    pads = [1, 1, 1, 1]
    if stride == 1:
        y = relu_convolution(g, x, first, pads=pads)
        y = g.convolution(y, second.weight, second.bias, pads=pads)
        return g.add("Relu", g.add("Add", y, x)), side
    y = relu_convolution(g, x, first, strides=[2, 2])
    y = g.convolution(y, second.weight, second.bias, pads=pads)
    skip = g.add("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
    main_side, skip_side = (side - 3) // 2 + 1, (side - 2) // 2 + 1
    grown = max(main_side, skip_side)
    y = pad(g, y, 0, grown - main_side)
    skip = pad(g, skip, outputs - inputs, grown - skip_side)
    return g.add("Relu", g.add("Add", y, skip)), grown


def relu_convolution(g: Graph, x: str, c: Convolution, **attributes) -> str:
    """A convolution followed by ReLU."""
    return g.add("Relu", g.convolution(x, c.weight, c.bias, **attributes))


def pad(g: Graph, x: str, channels: int, side: int) -> str:
    """Zeros behind the channels, below and to the right: dlib adds tensors of unequal shape so."""
    if channels == 0 and side == 0:
        return x
    return g.add("Pad", x, g.constant(np.array([0, 0, 0, 0, 0, channels, side, side], dtype=np.int64)))
