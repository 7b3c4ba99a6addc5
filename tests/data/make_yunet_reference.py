"""Write yunet_reference.json: what OpenCV's FaceDetectorYN finds in fixed images; see README.md.

usage: make_yunet_reference.py [PHOTOS]
With PHOTOS, a folder, also say how far the converted network is from OpenCV on 60 of its photos.
"""

import hashlib
import importlib.metadata
import sys
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from PIL import Image

from patterns import compose
from readable_json import readable, short
from recipes import canvas, images, paste
from yunet_original import SETTINGS, WEIGHTS, find

HERE = Path(__file__).resolve().parent
MODEL = HERE.parent.parent / "models" / "yunet-sface" / "yunet.onnx"
STRIDES = (8, 16, 32)
OUTPUTS = [f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in STRIDES]
MOST_PHOTOS = 60
# OpenCV fills the image up to multiples of this many pixels.
MULTIPLE = 32


def main() -> None:
    path = HERE / "astronaut.png"
    photo = np.asarray(Image.open(path).convert("RGB"))
    packages = ("opencv-python-headless", "numpy", "pillow")
    described = {
        "made_by": "tests/data/make_yunet_reference.py",
        "reference": "cv2.FaceDetectorYN.create(...).detect(image), cv2.dnn.readNet(...).forward()",
        "versions": {p: importlib.metadata.version(p) for p in packages},
        "weights_sha256": hashlib.sha256(WEIGHTS.read_bytes()).hexdigest(),
        "settings": SETTINGS,
        "photo": path.name,
        "photo_pixels_sha256": digest(photo),
        "boxes": "left, top, right, bottom; surest first; the first pixel of the image is 0",
        "landmarks": "left eye, right eye, nose, left and right mouth corner as seen in the photo: x, y",
        "images": [image(photo, name, recipe) for name, recipe in images()],
        "networks": [network(photo, "yunet", canvas(96, 64, paste([128, 40, 384, 256], every=4)))],
    }
    (HERE / "yunet_reference.json").write_text(readable(described) + "\n")
    if len(sys.argv) > 1:
        compare(Path(sys.argv[1]))


def image(photo: np.ndarray, name: str, recipe: dict) -> dict:
    """What the whole detector finds in one image."""
    pixels = compose(photo, recipe)
    faces = [{"box": short([*face[:2], *(face[:2] + face[2:4])]), "probability": short(face[14:])[0],
              "landmarks": short(face[4:14].reshape(5, 2))} for face in find(pixels)]
    return {"name": name, "recipe": recipe, "sha256": digest(pixels), "faces": faces}


def network(photo: np.ndarray, name: str, recipe: dict) -> dict:
    """What the network itself gives for one input, 0 to 255 in the order blue, green, red."""
    pixels = compose(photo, recipe)
    net = cv2.dnn.readNet(str(WEIGHTS))
    net.setInput(cv2.dnn.blobFromImage(pixels, swapRB=True))
    outputs = zip(OUTPUTS, net.forward(OUTPUTS))
    return {"name": name, "recipes": [recipe], "sha256": digest(pixels),
            **{name: short(values) for name, values in outputs}}


def compare(folder: Path) -> None:
    """Print the largest difference of a coordinate and of a score from OpenCV over photos."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])
    photos = sorted(folder.rglob("*.jpg"))
    photos = photos[::max(1, len(photos) // MOST_PHOTOS)][:MOST_PHOTOS]
    faces, coordinate, score = 0, 0.0, 0.0
    for path in photos:
        pixels = np.asarray(Image.open(path).convert("RGB"))
        ours = candidates(session, pixels)
        for expected in find(pixels):
            away = np.abs(ours - expected)
            nearest = away[away[:, :14].max(axis=1).argmin()]
            faces += 1
            coordinate, score = max(coordinate, nearest[:14].max()), max(score, nearest[14])
    print(f"{len(photos)} photos, {faces} faces: largest difference of a coordinate {coordinate:.2g} px, "
          f"of a score {score:.2g}")


def candidates(session: onnxruntime.InferenceSession, pixels: np.ndarray) -> np.ndarray:
    """Every cell of the converted network as a row of `find`, before any suppression.

    The formulas are those of OpenCV, modules/objdetect/src/face_detect.cpp.
    """
    height, width = (-(-side // MULTIPLE) * MULTIPLE for side in pixels.shape[:2])
    padded = np.zeros((height, width, 3), dtype=np.float32)
    padded[:pixels.shape[0], :pixels.shape[1]] = pixels[:, :, ::-1]
    found = dict(zip(OUTPUTS, session.run(OUTPUTS, {"image": padded.transpose(2, 0, 1)[None]})))
    rows = []
    for stride in STRIDES:
        cls, obj, bbox, kps = (found[f"{kind}_{stride}"][0] for kind in ("cls", "obj", "bbox", "kps"))
        row, column = np.divmod(np.arange(len(cls)), width // stride)
        cell = np.stack([column, row], axis=1)
        centre, size = (cell + bbox[:, :2]) * stride, np.exp(bbox[:, 2:]) * stride
        points = (np.tile(cell, 5) + kps) * stride
        score = np.sqrt(np.clip(cls, 0, 1) * np.clip(obj, 0, 1))
        rows.append(np.hstack([centre - size / 2, size, points, score]))
    return np.vstack(rows)


def digest(pixels: np.ndarray) -> str:
    """sha256 over the bytes, row by row, R G B."""
    return hashlib.sha256(pixels.tobytes()).hexdigest()


if __name__ == "__main__":
    main()
