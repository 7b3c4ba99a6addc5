"""Print how long each network takes to load and to run on one thread.

usage: target/models-venv/bin/python models/build/speed.py
"""

import multiprocessing
import platform
import statistics
import time
from pathlib import Path

import numpy as np
import onnxruntime

MODELS = Path(__file__).resolve().parent.parent
RUNS, LOADS = 40, 7
# Network, shape of its input, and how many faces or crops that is.
CASES = [("mtcnn-dlib/pnet", (1, 3, 180, 180), 1), ("mtcnn-dlib/rnet", (16, 3, 24, 24), 16),
         ("mtcnn-dlib/onet", (4, 3, 48, 48), 4),
         *(("mtcnn-dlib/dlib_resnet_v1", (n, 3, 150, 150), n) for n in (1, 8)),
         *(("yunet-sface/yunet", (1, 3, *sides), 1) for sides in ((256, 320), (384, 480), (480, 640))),
         *(("yunet-sface/sface", (n, 3, 112, 112), n) for n in (1, 2, 4, 8))]
# What keeps its weights in 8 bits: it is measured with them expanded in every run too.
IN_8_BITS = "yunet-sface/sface"
FIRST = "mtcnn-dlib/pnet"


def main() -> None:
    print(f"onnxruntime {onnxruntime.__version__}, one thread, {platform.machine()}")
    for name, shape, count in CASES:
        milliseconds = median_of_runs(name, shape, once=True)
        print(f"{name:26} {shape!s:19} {milliseconds:6.2f} ms, {milliseconds / count:5.2f} each")
    milliseconds = median_of_runs(IN_8_BITS, (1, 3, 112, 112), once=False)
    print(f"{IN_8_BITS:26} {'expanded each run':19} {milliseconds:6.2f} ms")
    for name in dict.fromkeys(name for name, _, _ in CASES):
        print_loading(name, once=True)
    print_loading(IN_8_BITS, once=False)


def print_loading(name: str, once: bool) -> None:
    """What loading a network takes in a process that has loaded another: CPU time and memory."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        loads = pool.starmap(loading, [(name, once)] * LOADS, chunksize=1)
    milliseconds, peak, kept = (statistics.median(values) for values in zip(*loads))
    how = "" if once else "expanded each run"
    print(f"load {name:26} {how:18} {milliseconds:6.1f} ms of CPU, {peak:4.0f} MB at most, {kept:4.0f} MB kept")


def loading(name: str, once: bool) -> tuple[float, float, float]:
    """Milliseconds of CPU, and by how many MB the peak and the size of the process grow."""
    session(FIRST, once)
    data = (MODELS / f"{name}.onnx").read_bytes()
    highest, before = memory("VmHWM"), memory("VmRSS")
    start = time.process_time()
    kept = session(data, once)
    milliseconds = 1000 * (time.process_time() - start)
    assert kept.get_inputs()
    return milliseconds, memory("VmHWM") - highest, memory("VmRSS") - before


def memory(line: str) -> float:
    """VmHWM, the most memory that this process had, or VmRSS, what it has, in MB (Linux)."""
    status = dict(entry.split(":") for entry in Path("/proc/self/status").read_text().splitlines())
    return int(status[line].split()[0]) * 1024 / 1e6


def session(model: str | bytes, once: bool) -> onnxruntime.InferenceSession:
    """A session as the program makes it; `once` expands 8-bit weights while loading."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    if once:
        options.add_session_config_entry("session.disable_quant_qdq", "1")
    source = model if isinstance(model, bytes) else MODELS / f"{model}.onnx"
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def median_of_runs(name: str, shape: tuple, once: bool) -> float:
    """The median CPU time of a run in milliseconds, after a few to warm up."""
    network = session(name, once)
    values = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
    feeds = {network.get_inputs()[0].name: values}
    times = []
    for _ in range(RUNS + 3):
        start = time.process_time()
        network.run(None, feeds)
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times[3:])


if __name__ == "__main__":
    main()
