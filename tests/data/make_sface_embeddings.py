"""Write sface_embeddings.json: what SFace as published makes of fixed crops; see README.md.

usage: make_sface_embeddings.py [PHOTOS]
With PHOTOS, a folder, also say how far the converted network is from it on 60 of its photos.
Also writes astronaut_aligned.png. The first crop is the golden one of models/yunet-sface/pack.json.
"""

import hashlib
import importlib.metadata
import sys
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
from PIL import Image

from patterns import compose, pattern
from readable_json import readable, short
from yunet_original import find

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WEIGHTS = ROOT / "target" / "model-sources" / "sface.onnx"
MODEL = ROOT / "models" / "yunet-sface" / "sface.onnx"
ALIGNED = "astronaut_aligned.png"
SIDE = 112
# The side of the cells of each pattern, smooth to fine; each divides SIDE.
CELLS = (28, 16, 14, 8, 7, 4)
MOST_PHOTOS = 60
# Where OpenCV puts the five points of a face: modules/objdetect/src/face_recognize.cpp.
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366],
                     [41.5493, 92.3655], [70.7299, 92.2041]])


def main() -> None:
    network = original()
    crops = [*fixed_patterns(), *face_crops()]
    for crop in crops:
        pixels = crop.pop("pixels")
        crop["sha256"] = hashlib.sha256(pixels.tobytes()).hexdigest()
        crop["embedding"] = short(embed(network, "data", pixels))
    described = {
        "made_by": "tests/data/make_sface_embeddings.py",
        "reference": "the file as published, run by onnxruntime without the inputs that nothing feeds",
        "versions": {p: importlib.metadata.version(p)
                     for p in ("onnxruntime", "onnx", "opencv-python-headless", "numpy", "pillow")},
        "weights_sha256": hashlib.sha256(WEIGHTS.read_bytes()).hexdigest(),
        "input": "crops of 112 x 112 RGB; sha256 is over their bytes, row by row, R G B",
        "crops": crops,
    }
    (HERE / "sface_embeddings.json").write_text(readable(described) + "\n")
    if len(sys.argv) > 1:
        compare(network, Path(sys.argv[1]))


def original() -> onnxruntime.InferenceSession:
    """The published file. It lists its weights as inputs too, for which ONNX Runtime would ask."""
    model = onnx.load(WEIGHTS)
    kept = [i for i in model.graph.input if i.name == "data"]
    del model.graph.input[:]
    model.graph.input.extend(kept)
    return session(model.SerializeToString())


def session(model: bytes | Path) -> onnxruntime.InferenceSession:
    """A session on one thread that says errors alone."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def embed(network: onnxruntime.InferenceSession, name: str, pixels: np.ndarray) -> np.ndarray:
    """The 128 numbers of one RGB crop."""
    return network.run(None, {name: pixels.transpose(2, 0, 1)[None].astype(np.float32)})[0][0]


def fixed_patterns() -> list[dict]:
    """The synthetic crops with the numbers that make them."""
    made = [{"seed": seed, "cell": cell, "side": SIDE} for seed, cell in enumerate(CELLS, start=1)]
    return [{"pattern": numbers, "pixels": pattern(**numbers)} for numbers in made]


def face_crops() -> list[dict]:
    """The face of astronaut.png: not aligned, as it is and mirrored; and aligned."""
    photo = np.asarray(Image.open(HERE / "astronaut.png").convert("RGB"))
    recipes = [{"width": SIDE, "height": SIDE, "fill": [0, 0, 0],
                "pastes": [{"from": [168, 45, SIDE, SIDE], "every": 1, "mirrored": mirrored,
                            "at": [0, 0]}]}
               for mirrored in (False, True)]
    points = find(photo)[0, 4:14].reshape(5, 2)
    pixels = align(photo, points)
    Image.fromarray(pixels).save(HERE / ALIGNED, optimize=True)
    return [*({"recipe": recipe, "pixels": compose(photo, recipe)} for recipe in recipes),
            {"file": ALIGNED, "landmarks": short(points), "pixels": pixels}]


def align(photo: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The crop in which the five points lie closest to TEMPLATE: turned, scaled, moved; bilinear."""
    here, there = points - points.mean(axis=0), TEMPLATE - TEMPLATE.mean(axis=0)
    # The least-squares similarity of the plane is one complex number: there = factor * here.
    a, b = here[:, 0] + 1j * here[:, 1], there[:, 0] + 1j * there[:, 1]
    factor = (a.conj() @ b) / (a.conj() @ a)
    turn = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    move = TEMPLATE.mean(axis=0) - turn @ points.mean(axis=0)
    return cv2.warpAffine(photo, np.hstack([turn, move[:, None]]), (SIDE, SIDE), flags=cv2.INTER_LINEAR)


def compare(network: onnxruntime.InferenceSession, folder: Path) -> None:
    """Print the largest difference between the published and the converted network on photos' faces."""
    converted = session(MODEL)
    photos = sorted(folder.rglob("*.jpg"))
    photos = photos[::max(1, len(photos) // MOST_PHOTOS)][:MOST_PHOTOS]
    faces, largest, shortest, longest = 0, 0.0, np.inf, 0.0
    for path in photos:
        photo = np.asarray(Image.open(path).convert("RGB"))
        for face in find(photo):
            crop = align(photo, face[4:14].reshape(5, 2))
            expected, found = embed(network, "data", crop), embed(converted, "crops", crop)
            length = float(np.linalg.norm(expected))
            faces, shortest, longest = faces + 1, min(shortest, length), max(longest, length)
            largest = max(largest, float(np.abs(found - expected).max()) / length)
    print(f"{len(photos)} photos, {faces} faces: lengths {shortest:.1f} to {longest:.1f}, largest "
          f"difference of one number over the length: {largest:.2g}")


if __name__ == "__main__":
    main()
