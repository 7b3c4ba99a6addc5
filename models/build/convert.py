"""Convert the original weights to the ONNX files in `models/`; the same bytes on every run.

usage: convert.py [--check]    (--check: write nothing, fail if a committed file differs)
"""

import hashlib
import sys
from pathlib import Path

import dlib_dat
import dlib_resnet
import mtcnn
import mtcnn_pt
import sources

MODELS = Path(__file__).resolve().parent.parent
DOWNLOADS = MODELS.parent / "target" / "model-sources"


def main() -> None:
    weights = sources.fetch(DOWNLOADS)
    built = {name: getattr(mtcnn, name)(mtcnn_pt.read(weights[f"{name}.pt"]))
             for name in ("pnet", "rnet", "onet")}
    built["dlib_resnet_v1"] = dlib_resnet.build(*dlib_dat.read(weights["dlib_resnet_v1.dat"]))
    for name, data in built.items():
        path = MODELS / f"{name}.onnx"
        digest = hashlib.sha256(data).hexdigest()
        if "--check" not in sys.argv:
            path.write_bytes(data)
        elif path.read_bytes() != data:
            sys.exit(f"{path} differs from a fresh conversion, whose sha256 is {digest}")
        print(f"{digest}  {path.name}  {len(data)} bytes")


if __name__ == "__main__":
    main()
