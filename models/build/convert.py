"""Convert the original weights to the ONNX files in `models/`; the same bytes on every run.

usage: convert.py [--check]    (--check: write nothing, fail if a committed file differs)
"""

import hashlib
import sys
from pathlib import Path

import compare
import dlib_dat
import dlib_resnet
import mtcnn
import mtcnn_pt
import sface
import sources
import yunet
from dequantise import Quantised

MODELS = Path(__file__).resolve().parent.parent
DOWNLOADS = MODELS.parent / "target" / "model-sources"


def main() -> None:
    built = convert(sources.fetch(DOWNLOADS))
    compare.compare(built)
    faults = []
    for name, data in built.items():
        path = MODELS / f"{name}.onnx"
        digest = hashlib.sha256(data).hexdigest()
        if "--check" not in sys.argv:
            path.write_bytes(data)
        elif path.read_bytes() != data:
            faults.append(f"{name}.onnx differs from a fresh conversion, whose sha256 is {digest}")
        description = path.parent / "pack.json"
        if not description.exists() or digest not in description.read_text():
            faults.append(f"{path.parent.name}/pack.json does not name the sha256 of {path.name}, which is {digest}")
        print(f"{digest}  {name}.onnx  {len(data)} bytes")
    if faults:
        sys.exit("\n".join(faults))


def convert(weights: dict[str, Path]) -> dict[str, bytes]:
    """The ONNX files of both packs by pack and name, from the original files by name."""
    built = {f"mtcnn-dlib/{name}": network(mtcnn_pt.read(weights[f"{name}.pt"]))
             for name, network in (("pnet", mtcnn.pnet), ("rnet", mtcnn.rnet), ("onet", mtcnn.onet))}
    built["mtcnn-dlib/dlib_resnet_v1"] = dlib_resnet.build(*dlib_dat.read(weights["dlib_resnet_v1.dat"]))
    built["yunet-sface/yunet"] = yunet.build(Quantised(weights["yunet.onnx"]))
    built["yunet-sface/sface"] = sface.build(Quantised(weights["sface.onnx"]))
    return built


if __name__ == "__main__":
    main()
