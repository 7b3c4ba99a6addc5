"""Where ONNX Runtime's library is, what it runs the models on, and on how many threads."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from . import _sameface

PATTERNS = ("libonnxruntime.so*", "libonnxruntime.*dylib", "onnxruntime.dll")

Device = Literal["auto", "cpu", "cuda", "coreml", "openvino", "directml"]

_threads = 0


def hand_over_runtime() -> None:
    """Tell the Rust side of the library inside the `onnxruntime` package, which is not imported.

    Where there is none, the Rust side looks in the places where the command looks.
    """
    spec = find_spec("onnxruntime")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for pattern in PATTERNS:
            for library in sorted(Path(folder, "capi").glob(pattern), reverse=True):
                return _sameface.use_runtime(str(library))


def set_threads(threads: int | None) -> None:
    """Set how many photos are worked on at a time, in this process; `None` is one on each core.

    Each thread has models of its own, loaded with the first photo and kept: one set for each pack
    that is used, and a second if the pack has other views of a face to enrol than to check.
    """
    if threads is not None and threads < 1:
        raise ValueError("threads: must be 1 or more, or None for the number of cores")
    global _threads
    _threads = threads or 0


def get_threads() -> int:
    """How many photos are worked on at a time: what `set_threads` said, or the number of cores
    that this process may use."""
    if _threads:
        return _threads
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def set_device(device: Device) -> None:
    """Set what the models run on, in this process, from the next photo on.

    `auto` takes the fastest that ONNX Runtime offers and that works. A device that is named works, or
    this raises `VerifyError`: nothing then runs on the processor instead. Until it is called, the
    variable `VERIFY_DEVICE` counts, otherwise `auto`.
    """
    _sameface.set_device(device)


def get_device() -> str:
    """What the models run on: `cpu`, `cuda`, `coreml`, `openvino` or `directml`."""
    return _sameface.get_device()
