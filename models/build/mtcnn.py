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
    scores = g.convolution(x, w["conv4_1.weight"], w["conv4_1.bias"])
    face_probability(g, scores, np.array([1]))
    g.add("Conv", x, g.constant(w["conv4_2.weight"]), g.constant(w["conv4_2.bias"]), output="offsets")
    return g.bytes({"image": [1, 3, "height", "width"]},
                   {"probability": [1, 1, "rows", "columns"], "offsets": [1, 4, "rows", "columns"]})


def rnet(w: Weights) -> bytes:
    """crops (N, 3, 24, 24) -> face probability (N,) and box offsets (N, 4)."""
    g = Graph("rnet")
    x = pool(g, layer(g, w, "crops", 1), 3, 2)
    x = pool(g, layer(g, w, x, 2), 3, 2)
    x = flatten(g, layer(g, w, x, 3))
    x = g.prelu(dense(g, w, x, "dense4"), w["prelu4.weight"], spatial=False)
    face_probability(g, dense(g, w, x, "dense5_1"), np.array(1))
    dense(g, w, x, "dense5_2", "offsets")
    return g.bytes({"crops": ["faces", 3, 24, 24]},
                   {"probability": ["faces"], "offsets": ["faces", 4]})


def onet(w: Weights) -> bytes:
    """crops (N, 3, 48, 48) -> face probability (N,), box offsets (N, 4), landmarks (N, 10)."""
    g = Graph("onet")
    x = pool(g, layer(g, w, "crops", 1), 3, 2)
    x = pool(g, layer(g, w, x, 2), 3, 2)
    x = pool(g, layer(g, w, x, 3), 2, 2)
    x = flatten(g, layer(g, w, x, 4))
    x = g.prelu(dense(g, w, x, "dense5"), w["prelu5.weight"], spatial=False)
    face_probability(g, dense(g, w, x, "dense6_1"), np.array(1))
    dense(g, w, x, "dense6_2", "offsets")
    dense(g, w, x, "dense6_3", "landmarks")
    return g.bytes({"crops": ["faces", 3, 48, 48]},
                   {"probability": ["faces"], "offsets": ["faces", 4], "landmarks": ["faces", 10]})


def layer(g: Graph, w: Weights, x: str, index: int) -> str:
    """Convolution and PReLU number `index`."""
    x = g.convolution(x, w[f"conv{index}.weight"], w[f"conv{index}.bias"])
    return g.prelu(x, w[f"prelu{index}.weight"])


def pool(g: Graph, x: str, size: int, stride: int) -> str:
    """Max pooling that keeps the incomplete windows at the far edges."""
    return g.add("MaxPool", x, kernel_shape=[size, size], strides=[stride, stride], ceil_mode=1)


def flatten(g: Graph, x: str) -> str:
    """(N, C, H, W) -> (N, W * H * C): the weights come from column-major Caffe."""
    return g.add("Flatten", g.add("Transpose", x, perm=[0, 3, 2, 1]), axis=1)


def dense(g: Graph, w: Weights, x: str, name: str, output: str | None = None) -> str:
    """The fully connected layer `name`."""
    return g.dense(x, w[f"{name}.weight"], w[f"{name}.bias"], output=output)


def face_probability(g: Graph, scores: str, face: np.ndarray) -> None:
    """Softmax over (no face, face), of which the second goes out: [1] keeps the axis, 1 drops it."""
    both = g.add("Softmax", scores, axis=1)
    g.add("Gather", both, g.constant(face.astype(np.int64)), axis=1, output="probability")
