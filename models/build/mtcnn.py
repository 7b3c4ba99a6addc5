"""The three networks of MTCNN as ONNX graphs, from the state dicts of facenet-pytorch."""

import numpy as np

from graph import Graph

Weights = dict[str, np.ndarray]


def pnet(w: Weights) -> bytes:
    """image (1, 3, H, W) -> face probability (1, 1, H', W') and box offsets (1, 4, H', W')."""
    g = Graph("pnet")
    x = layer(g, w, "image", 1)
    x = pool(g, x, 2, 2)
    x = layer(g, w, layer(g, w, x, 2), 3)
    face_probability(g, g.convolution(x, *face_or_not(w, "conv4_1")))
    g.convolution(x, w["conv4_2.weight"], w["conv4_2.bias"], output="offsets")
    return g.bytes({"image": [1, 3, "height", "width"]},
                   {"probability": [1, 1, "rows", "columns"], "offsets": [1, 4, "rows", "columns"]})


def rnet(w: Weights) -> bytes:
    """crops (N, 3, 24, 24) -> face probability (N, 1) and box offsets (N, 4)."""
    g = Graph("rnet")
    x = pool(g, layer(g, w, "crops", 1), 3, 2)
    x = pool(g, layer(g, w, x, 2), 3, 2)
    x = dense_layer(g, w, flatten(g, layer(g, w, x, 3)), 4)
    face_probability(g, g.dense(x, *face_or_not(w, "dense5_1")))
    dense(g, w, x, "dense5_2", "offsets")
    return g.bytes({"crops": ["faces", 3, 24, 24]},
                   {"probability": ["faces", 1], "offsets": ["faces", 4]})


def onet(w: Weights) -> bytes:
    """crops (N, 3, 48, 48) -> face probability (N, 1), box offsets (N, 4), landmarks (N, 10)."""
    g = Graph("onet")
    x = pool(g, layer(g, w, "crops", 1), 3, 2)
    x = pool(g, layer(g, w, x, 2), 3, 2)
    x = pool(g, layer(g, w, x, 3), 2, 2)
    x = dense_layer(g, w, flatten(g, layer(g, w, x, 4)), 5)
    face_probability(g, g.dense(x, *face_or_not(w, "dense6_1")))
    dense(g, w, x, "dense6_2", "offsets")
    dense(g, w, x, "dense6_3", "landmarks")
    return g.bytes({"crops": ["faces", 3, 48, 48]},
                   {"probability": ["faces", 1], "offsets": ["faces", 4], "landmarks": ["faces", 10]})


def layer(g: Graph, w: Weights, x: str, index: int) -> str:
    """Convolution and PReLU number `index`."""
    weight, bias, bend = before_prelu(w, f"conv{index}", f"prelu{index}")
    return prelu(g, g.convolution(x, weight, bias), bend.reshape(-1, 1, 1))


def dense_layer(g: Graph, w: Weights, x: str, index: int) -> str:
    """Fully connected layer and PReLU number `index`."""
    weight, bias, bend = before_prelu(w, f"dense{index}", f"prelu{index}")
    return prelu(g, g.dense(x, weight, bias), bend)


def before_prelu(w: Weights, name: str, prelu: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weight and bias of a layer that make PReLU cheap, and what is left of it to do.

    With slope a, PReLU(x) = k x + l |x| for k = (1 + a) / 2 and l = (1 - a) / 2. The layer's own
    weights take k, so that y + l / |k| |y| is left to do with the layer's result y = k x. ONNX
    Runtime's own PRelu takes as long as all else in these networks together.
    """
    slope = w[f"{prelu}.weight"].astype(np.float64)
    k, bend = (1 + slope) / 2, (1 - slope) / 2 / np.abs((1 + slope) / 2)
    weight = w[f"{name}.weight"] * k.reshape(-1, *[1] * (w[f"{name}.weight"].ndim - 1))
    return weight.astype(np.float32), (w[f"{name}.bias"] * k).astype(np.float32), bend.astype(np.float32)


def prelu(g: Graph, y: str, bend: np.ndarray) -> str:
    """What `before_prelu` left to do: y + bend |y|."""
    return g.add("Add", y, g.add("Mul", g.add("Abs", y), g.constant(bend)))


def pool(g: Graph, x: str, size: int, stride: int) -> str:
    """Max pooling that keeps the incomplete windows at the far edges."""
    return g.add("MaxPool", x, kernel_shape=[size, size], strides=[stride, stride], ceil_mode=1)


def flatten(g: Graph, x: str) -> str:
    """(N, C, H, W) -> (N, W * H * C): the weights come from column-major Caffe."""
    return g.add("Flatten", g.add("Transpose", x, perm=[0, 3, 2, 1]), axis=1)


def dense(g: Graph, w: Weights, x: str, name: str, output: str | None = None) -> str:
    """The fully connected layer `name`."""
    return g.dense(x, w[f"{name}.weight"], w[f"{name}.bias"], output=output)


def face_or_not(w: Weights, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias of the difference of a layer's two scores, (no face, face)."""
    weight, bias = w[f"{name}.weight"], w[f"{name}.bias"]
    return weight[1:] - weight[:1], bias[1:] - bias[:1]


def face_probability(g: Graph, difference: str) -> None:
    """The softmax over two scores is the sigmoid of their difference."""
    g.add("Sigmoid", difference, output="probability")
