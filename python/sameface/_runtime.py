"""ONNX Runtime's library, the device that it runs the models on, and the number of threads."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from . import _sameface

PATTERNS = ("libonnxruntime.so*", "libonnxruntime.*dylib", "onnxruntime.dll")

Device = Literal["auto", "cpu", "cuda", "coreml", "openvino", "directml"]

_threads = 0


def hand_over_runtime() -> None:
    """Give the Rust side the path of the library in the `onnxruntime` package, which is not imported.

    If there is none, the Rust side searches the places that the command searches.
    """
    spec = find_spec("onnxruntime")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for pattern in PATTERNS:
            for library in sorted(Path(folder, "capi").glob(pattern), reverse=True):
                return _sameface.use_runtime(str(library))


def set_threads(threads: int | None) -> None:
    """Set how many photos this process analyses at a time; `None` is one for each core.

    Each thread loads models of its own with the first photo and keeps them: one set for each pack
    in use, and a second one if the pack uses different views of a face to enrol and to check.
    """
    if threads is not None and threads < 1:
        raise ValueError("threads must be at least 1, or None for one for each core")
    global _threads
    _threads = threads or 0


def get_threads() -> int:
    """How many photos are analysed at a time: as set by `set_threads`, or the number of cores that
    this process may use."""
    if _threads:
        return _threads
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def set_device(device: Device) -> None:
    """Set the device that this process runs the models on, starting with the next photo.

    `auto` is the processor. If another device does not work, this raises `VerifyError` instead of using the
    processor. Until this is called, the variable `VERIFY_DEVICE` counts, otherwise `auto`.
    """
    _sameface.set_device(device)


def get_device() -> str:
    """The device that the models run on: `cpu`, `cuda`, `coreml`, `openvino` or `directml`."""
    return _sameface.get_device()
