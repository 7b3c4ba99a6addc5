"""Read the convolutions and the final matrix out of dlib's serialised face recognition network.

The file is a stream of tokens, layers in the order input -> output. A layer is found by its tag; after
`con_4` come filters (out, in, k, k) and biases, after `affine_` gamma and beta, after `fc_2` a matrix.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Convolution:
    """A convolution with its affine layer folded in: weight (out, in, k, k), bias (out,)."""

    weight: np.ndarray
    bias: np.ndarray


def read(path: Path) -> tuple[list[Convolution], np.ndarray]:
    """Return the 29 convolutions in order, and the 256 x 128 matrix of the last layer."""
    data = path.read_bytes()
    convolutions = []
    for position, tag in tags(data, (b"con_4", b"affine_")):
        values = tensor(data, position)
        if tag == b"con_4":
            filters = values
        else:
            convolutions.append(fold(filters, values))
    (position, _), = tags(data, (b"fc_2",))
    (outputs, inputs), position = integers(data, position, 2)
    matrix = tensor(data, position).reshape(inputs, outputs)
    assert len(convolutions) == 29, f"{path}: {len(convolutions)} convolutions, expected 29"
    return convolutions, matrix


def tags(data: bytes, wanted: tuple[bytes, ...]) -> list[tuple[int, bytes]]:
    """Positions right after each length-prefixed tag, in file order."""
    found = []
    for tag in wanted:
        token = bytes([1, len(tag)]) + tag
        start = data.find(token)
        while start >= 0:
            found.append((start + len(token), tag))
            start = data.find(token, start + 1)
    return sorted(found)


def tensor(data: bytes, position: int) -> np.ndarray:
    """The tensor at `position`: integer 2, four dimensions, raw little-endian f32; flattened."""
    (version, *shape), start = integers(data, position, 5)
    assert version == 2, f"tensor version {version} at {position}, expected 2"
    return np.frombuffer(data, dtype="<f4", count=int(np.prod(shape)), offset=start)


def integers(data: bytes, position: int, count: int) -> tuple[list[int], int]:
    """Read `count` of dlib's variable-length integers; the sign is the high bit of the first byte."""
    values = []
    for _ in range(count):
        size, negative = data[position] & 0x0F, data[position] & 0x80
        value = int.from_bytes(data[position + 1:position + 1 + size], "little")
        values.append(-value if negative else value)
        position += 1 + size
    return values, position


def fold(filters_and_bias: np.ndarray, affine: np.ndarray) -> Convolution:
    """gamma * (w * x + b) + beta as one convolution; dlib stores all filters, then all biases."""
    out = affine.size // 2
    gamma, beta = affine[:out].astype(np.float64), affine[out:].astype(np.float64)
    filters = filters_and_bias[:-out].reshape(out, -1).astype(np.float64)
    bias = filters_and_bias[-out:].astype(np.float64)
    inputs = 3 if filters.shape[1] == 3 * 49 else filters.shape[1] // 9
    side = 7 if inputs == 3 else 3
    weight = (filters * gamma[:, None]).reshape(out, inputs, side, side)
    return Convolution(weight.astype(np.float32), (bias * gamma + beta).astype(np.float32))
