"""Print how long each network takes on one thread; run it with target/models-venv/bin/python."""

import platform
import statistics
import time
from pathlib import Path

import numpy as np
import onnxruntime

MODELS = Path(__file__).resolve().parent.parent
RUNS = 40
# Network, shape of its input, and how many faces or crops that is.
CASES = [("pnet", (1, 3, 180, 180), 1), ("rnet", (16, 3, 24, 24), 16), ("onet", (4, 3, 48, 48), 4),
         ("dlib_resnet_v1", (1, 3, 150, 150), 1), ("dlib_resnet_v1", (8, 3, 150, 150), 8)]


def main() -> None:
    print(f"onnxruntime {onnxruntime.__version__}, one thread, {platform.machine()}")
    for name, shape, count in CASES:
        milliseconds = median_of_runs(MODELS / f"{name}.onnx", shape)
        print(f"{name:15} {shape!s:18} {milliseconds:6.2f} ms, {milliseconds / count:5.2f} each")


def median_of_runs(model: Path, shape: tuple) -> float:
    """The median time of a run in milliseconds, after a few to warm up."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    values = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
    feeds = {session.get_inputs()[0].name: values}
    times = []
    for _ in range(RUNS + 3):
        start = time.perf_counter()
        session.run(None, feeds)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times[3:])


if __name__ == "__main__":
    main()
