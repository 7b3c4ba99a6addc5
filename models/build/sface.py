"""The face embedder SFace as a float graph with 8-bit weights in the file, from its 8-bit ONNX file."""

import numpy as np

from dequantise import Quantised
from graph import Graph

SIDE = 112
LAYERS = 14
# Layers whose depthwise convolution halves the sides.
HALVING = (3, 5, 7, 13)
CONVOLUTION_EPSILON, OUTPUT_EPSILON = 1e-3, 2e-5
MEAN, SCALE = 127.5, 0.0078125


def build(source: Quantised) -> bytes:
    """crops (N, 3, 112, 112), RGB 0..255 -> embedding (N, 128), not normalised."""
    g = Graph("sface")
    x = g.add("Sub", "crops", g.constant(np.float32(MEAN)))
    x, signs = layer(g, source, x, "conv_1", np.full(3, SCALE), pads=[1, 1, 1, 1])
    for index in range(2, LAYERS + 1):
        step = 2 if index in HALVING else 1
        x, signs = layer(g, source, x, f"conv_{index}_dw", signs, pads=[1, 1, 1, 1], strides=[step, step],
                         group=len(signs))
        last = batch_norm(source, "bn1", OUTPUT_EPSILON)[0] if index == LAYERS else None
        x, signs = layer(g, source, x, f"conv_{index}", signs, after=last)
    product(g, source, x)
    return g.bytes({"crops": ["faces", 3, SIDE, SIDE]}, {"embedding": ["faces", 128]})


def layer(g: Graph, source: Quantised, x: str, name: str, before: np.ndarray,
          after: np.ndarray | None = None, **attributes) -> tuple[str, np.ndarray]:
    """Convolution, batch norm and PReLU `name` of x, whose channels still want the factors `before`.

    Returns the result and the factors that its channels want in turn, 1 or -1. `after`, if given,
    are factors for the result that are worked in.

    With slope a, PReLU(x) = relu(y) + a / (1 - a) y for y = (1 - a) x, and that factor is a
    depthwise convolution: of all forms this runs fastest in ONNX Runtime, which keeps its blocked
    layout and adds while it convolves. A slope above 1 makes y = (a - 1) x, and minus the result.
    """
    scale, shift = batch_norm(source, f"{name}_batchnorm", CONVOLUTION_EPSILON)
    slope = source.weight(f"{name}_relu_gamma").ravel()
    size = np.abs(1 - slope)
    weight = rows(g, source, f"{name}_conv2d_weight_reshaped", scale * size, before)
    y = g.add("Conv", x, weight, g.constant((shift * size).astype(np.float32)), **attributes)
    signs = np.sign(1 - slope)
    if after is None:
        return g.add("Add", depthwise(g, y, signs * slope / size), g.add("Relu", y)), signs
    steep, bent = depthwise(g, y, after * slope / size), depthwise(g, g.add("Relu", y), after * signs)
    return g.add("Add", steep, bent), np.ones_like(signs)


def rows(g: Graph, source: Quantised, name: str, factors: np.ndarray, before: np.ndarray) -> str:
    """Add a convolution's weight times a factor for each output and each input channel.

    It stays in 8 bits where only the output channels have factors; the small ones need not.
    """
    blocks = source.blocks[name]
    if blocks.shape[2:] == (1, 1) and (before == 1).all():
        return blocks.add_to(g, factors)
    inputs = before.reshape(-1, 1, 1, 1) if blocks.shape[1] == 1 else before.reshape(1, -1, 1, 1)
    return g.constant((blocks.expand() * factors.reshape(-1, 1, 1, 1) * inputs).astype(np.float32))


def depthwise(g: Graph, x: str, factors: np.ndarray) -> str:
    """x with each channel times a factor."""
    return g.add("Conv", x, g.constant(factors.reshape(-1, 1, 1, 1).astype(np.float32)), group=len(factors))


def product(g: Graph, source: Quantised, x: str) -> None:
    """The last product, with the shift of the batch norm before it and the whole one behind it."""
    _, before = batch_norm(source, "bn1", OUTPUT_EPSILON)
    scale, shift = batch_norm(source, "fc1", OUTPUT_EPSILON)
    blocks = source.blocks["pre_fc1_weight_dequantized"]
    by_channel = blocks.expand().reshape(len(scale), len(before), -1)
    bias = source.weight("pre_fc1_bias_dequantized") + by_channel.sum(axis=2) @ before
    matrix = g.add("Reshape", blocks.add_blocks_to(g, scale), known_late(g, blocks.shape))
    g.add("Gemm", g.add("Flatten", x, axis=1), matrix,
          g.constant((bias * scale + shift).astype(np.float32)), transB=1, output="embedding")


def known_late(g: Graph, shape: tuple[int, ...]) -> str:
    """A shape that ONNX Runtime does not know before it runs: 0 times the number of crops is added.

    A weight whose shape is known is copied while the graph is loaded, and then once more, packed
    for products. For the 26 MB of this one that is a third of the loading time.
    """
    none = g.add("Mul", g.add("Shape", "crops", start=0, end=1), g.constant(np.array([0], dtype=np.int64)))
    return g.add("Add", none, g.constant(np.array(shape, dtype=np.int64)))


def batch_norm(source: Quantised, name: str, epsilon: float) -> tuple[np.ndarray, np.ndarray]:
    """A batch norm as scale and shift of each channel."""
    gamma, beta, mean, variance = (source.weight(f"{name}_{part}")
                                   for part in ("gamma", "beta", "moving_mean", "moving_var"))
    scale = gamma / np.sqrt(variance + epsilon)
    return scale, beta - mean * scale
