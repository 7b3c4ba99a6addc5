"""Write tiny_embedder.onnx: a user's own embedder in miniature, the mean colours of a crop's 16 squares.

usage: make_tiny_embedder.py    (needs numpy and onnx, as models/build/requirements.txt pins them)
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "models" / "build"))
from graph import Graph  # noqa: E402


def main() -> None:
    g = Graph("tiny_embedder")
    squares = g.add("AveragePool", "pixels", kernel_shape=[8, 8], strides=[8, 8])
    g.add("Flatten", squares, axis=1, output="code")
    # One crop at a time, as many networks were exported.
    model = g.bytes({"pixels": [1, 3, 32, 32]}, {"code": [1, 48]})
    (HERE / "tiny_embedder.onnx").write_bytes(model)


if __name__ == "__main__":
    main()
