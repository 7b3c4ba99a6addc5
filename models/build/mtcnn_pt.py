"""Read a PyTorch state dict of the old (pre-zip) format without PyTorch."""

import collections
import pickle
import struct
from pathlib import Path

import numpy as np

DTYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}


class StateDict(pickle.Unpickler):
    """Unpickles tensors as descriptions: (storage key, offset, size, stride)."""

    def __init__(self, file):
        super().__init__(file)
        self.dtypes = {}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda key, offset, size, stride, *_: (key, offset, size, stride)
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a state dict")

    def persistent_load(self, identity):
        _, dtype, key, *_ = identity
        self.dtypes[key] = dtype
        return key


def read(path: Path) -> dict[str, np.ndarray]:
    """Return every tensor of the state dict by its name, contiguous, f32 or i64."""
    with path.open("rb") as file:
        for _ in range(3):  # magic number, protocol, system information
            pickle.load(file)
        unpickler = StateDict(file)
        described = unpickler.load()
        storages = {}
        for key in pickle.load(file):
            (count,) = struct.unpack("<q", file.read(8))
            dtype = np.dtype(unpickler.dtypes[key])
            storages[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype=dtype)
    return {name: view(storages[key], offset, size, stride)
            for name, (key, offset, size, stride) in described.items()}


def view(storage: np.ndarray, offset: int, size: tuple, stride: tuple) -> np.ndarray:
    """The tensor as PyTorch sees it: strides count elements, and need not be contiguous."""
    steps = [s * storage.itemsize for s in stride]
    return np.ascontiguousarray(np.lib.stride_tricks.as_strided(storage[offset:], size, steps))
