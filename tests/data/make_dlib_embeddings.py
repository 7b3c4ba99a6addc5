"""Write dlib_embeddings.json: what dlib itself makes of fixed crops; see README.md.

usage: make_dlib_embeddings.py [PHOTOS]
With PHOTOS, a folder, also say how far the ONNX model is from dlib on 60 of its photos.
"""

import hashlib
import importlib.metadata
import sys
from pathlib import Path

import dlib
import numpy as np
import onnxruntime
from PIL import Image

from patterns import CELLS, SIDE, compose, patterns
from readable_json import readable, short

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WEIGHTS = ROOT / "target" / "model-sources" / "dlib_resnet_v1.dat"
MODEL = ROOT / "models" / "mtcnn-dlib" / "dlib_resnet_v1.onnx"
MOST_PHOTOS = 60


def main() -> None:
    network = dlib.face_recognition_model_v1(str(WEIGHTS))
    crops = [*fixed_patterns(), *face_crops()]
    for crop in crops:
        pixels = crop.pop("pixels")
        crop["sha256"] = hashlib.sha256(pixels.tobytes()).hexdigest()
        crop["embedding"] = short(list(network.compute_face_descriptor(pixels)))
    described = {
        "made_by": "tests/data/make_dlib_embeddings.py",
        "reference": "dlib.face_recognition_model_v1(...).compute_face_descriptor(crop)",
        "versions": {p: importlib.metadata.version(p) for p in ("dlib-bin", "numpy", "pillow")},
        "weights_sha256": hashlib.sha256(WEIGHTS.read_bytes()).hexdigest(),
        "input": "crops of 150 x 150 RGB; sha256 is over their bytes, row by row, R G B",
        "crops": crops,
    }
    (HERE / "dlib_embeddings.json").write_text(readable(described) + "\n")
    if len(sys.argv) > 1:
        compare(network, Path(sys.argv[1]))


def fixed_patterns() -> list[dict]:
    """The synthetic crops with the numbers that make them."""
    return [{"pattern": {"seed": seed, "cell": cell, "side": SIDE}, "pixels": pixels}
            for seed, (cell, pixels) in enumerate(zip(CELLS, patterns()), start=1)]


def face_crops() -> list[dict]:
    """The face of astronaut.png, unturned and not aligned, as it is and mirrored."""
    photo = np.asarray(Image.open(HERE / "astronaut.png").convert("RGB"))
    recipes = [{"width": SIDE, "height": SIDE, "fill": [0, 0, 0],
                "pastes": [{"from": [149, 40, SIDE, SIDE], "every": 1, "mirrored": mirrored,
                            "at": [0, 0]}]}
               for mirrored in (False, True)]
    return [{"recipe": recipe, "pixels": compose(photo, recipe)} for recipe in recipes]


def compare(network, folder: Path) -> None:
    """Print the largest difference between dlib and the ONNX model over centres of photos."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])
    photos = sorted(folder.rglob("*.jpg"))
    photos = photos[::max(1, len(photos) // MOST_PHOTOS)][:MOST_PHOTOS]
    largest = 0.0
    for path in photos:
        image = Image.open(path).convert("RGB")
        left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
        crop = np.asarray(image.crop((left, top, left + SIDE, top + SIDE)))
        expected = np.array(network.compute_face_descriptor(crop))
        planes = crop.transpose(2, 0, 1)[None].astype(np.float32)
        found = session.run(["embedding"], {"crops": planes})[0][0]
        largest = max(largest, float(np.abs(found - expected).max()))
    print(f"{len(photos)} photos, largest difference of one number: {largest:.2g}")


if __name__ == "__main__":
    main()
