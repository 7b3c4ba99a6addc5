"""Print what each network of a folder costs on ONNX Runtime's processor, OpenVINO's and on CUDA, one thread.

`pip install onnxruntime-openvino numpy` or `pip install onnxruntime-gpu numpy`, then `networks.py FOLDER`.
The devices are set up as `src/model/provider.rs` does it. Other work on the machine changes CPU times little;
compare CUDA by the clock, on an idle machine.
"""

import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort

OPENVINO = ("OpenVINOExecutionProvider", {
    "device_type": "CPU", "precision": "FP32", "num_of_threads": "1",
    "load_config": '{"CPU":{"ENABLE_CPU_PINNING":"NO"}}'})
CUDA = ("CUDAExecutionProvider", {
    "use_tf32": "0", "cudnn_conv_algo_search": "HEURISTIC", "arena_extend_strategy": "kSameAsRequested"})
PROVIDERS = {"cpu": ("CPUExecutionProvider", {}), "openvino": OPENVINO, "cuda": CUDA}
SHAPES = {"pnet": (1, 3, 300, 400), "rnet": (61, 3, 24, 24), "onet": (10, 3, 48, 48),
          "dlib_resnet_v1": (8, 3, 150, 150), "yunet": (1, 3, 480, 640), "sface": (1, 3, 112, 112)}
RUNS = 40


def main() -> None:
    print(f"onnxruntime {ort.__version__}, one thread")
    for file in sorted(Path(sys.argv[1]).glob("*.onnx")):
        if file.stem not in SHAPES:
            continue
        values = np.random.default_rng(0).uniform(0, 255, SHAPES[file.stem]).astype(np.float32)
        if file.stem not in ("yunet", "sface"):
            values = values / 128 - 1
        expected = None
        for name, provider in PROVIDERS.items():
            if provider[0] not in ort.get_available_providers():
                continue
            try:
                load, first, run, made = measured(file, provider, values)
            except ort.capi.onnxruntime_pybind11_state.Fail as error:
                print(f"{file.stem:15} {name:9} fails: {str(error).splitlines()[-1]}")
                continue
            expected = made if expected is None else expected
            off = max(np.abs(a - b).max() for a, b in zip(made, expected))
            times = ", ".join(f"{what} {cpu:.2f} ({clock:.2f})" for what, (cpu, clock) in
                              {"load": load, "first": first, "then": run}.items())
            print(f"{file.stem:15} {name:9} CPU ms (by the clock): {times}; off by {off:.0e}")


def measured(file: Path, provider, values: np.ndarray) -> tuple:
    """Milliseconds of loading, of the first run and of the median run, CPU and by the clock, and the outputs."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    if file.stem == "sface":
        # What `src/model/network.rs` does to weights that are to be expanded.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
    if provider != PROVIDERS["cpu"]:
        if file.stem == "sface":
            options.add_free_dimension_override_by_name("faces", 1)
        options.add_session_config_entry("session.disable_cpu_ep_fallback", "1")
    session, load = timed(lambda: ort.InferenceSession(file, options, providers=[provider]))
    feeds = {session.get_inputs()[0].name: values}
    made, first = timed(lambda: session.run(None, feeds))
    if file.stem in ("dlib_resnet_v1", "sface"):
        made = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in made]
    runs = [timed(lambda: session.run(None, feeds))[1] for _ in range(RUNS)]
    return load, first, tuple(np.median(runs, axis=0)), made


def timed(work) -> tuple:
    cpu, clock = time.process_time(), time.perf_counter()
    return work(), (1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - clock))


if __name__ == "__main__":
    main()
