"""Print what a new size of picture costs on CUDA, by each way in which cuDNN can choose a convolution.

`pip install onnxruntime-gpu numpy`, then `sizes.py models/yunet-sface/yunet.onnx`, on an idle machine. Each picture
has a size of its own and is run twice.
"""

import sys
import time

import numpy as np
import onnxruntime as ort


def milliseconds(session: ort.InferenceSession, picture: np.ndarray) -> float:
    begun = time.perf_counter()
    session.run(None, {session.get_inputs()[0].name: picture})
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    if "CUDAExecutionProvider" not in ort.get_available_providers():
        sys.exit("sizes: this ONNX Runtime has no CUDA; install onnxruntime-gpu")
    pictures = [np.zeros((1, 3, 320 + 32 * i, 480), np.float32) for i in range(6)]
    for search in ("DEFAULT", "HEURISTIC", "EXHAUSTIVE"):
        options = ort.SessionOptions()
        options.log_severity_level, options.intra_op_num_threads = 4, 1
        cuda = ("CUDAExecutionProvider", {
            "use_tf32": "0", "cudnn_conv_algo_search": search, "arena_extend_strategy": "kSameAsRequested"})
        session = ort.InferenceSession(sys.argv[1], options, providers=[cuda])
        for picture in pictures:
            first, again = (milliseconds(session, picture) for _ in range(2))
            print(f"{search:10} {picture.shape[2]} rows: first {first:6.0f} ms, then {again:5.1f}", flush=True)


if __name__ == "__main__":
    main()
