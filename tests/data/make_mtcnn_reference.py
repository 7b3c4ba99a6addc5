"""Write mtcnn_reference.json: what facenet-pytorch itself finds in fixed images; see README.md."""

import hashlib
import importlib.metadata
from pathlib import Path

import numpy as np
import torch
from facenet_pytorch import MTCNN
from PIL import Image

from patterns import compose
from readable_json import readable, short
from recipes import canvas, images, paste

HERE = Path(__file__).resolve().parent
SETTINGS = {"min_face_size": 32, "factor": 0.709, "thresholds": [0.6, 0.7, 0.7]}


def main() -> None:
    torch.set_num_threads(1)
    path = HERE / "astronaut.png"
    photo = np.asarray(Image.open(path).convert("RGB"))
    detector = MTCNN(keep_all=True, select_largest=True, post_process=False, device="cpu", **SETTINGS)
    packages = ("facenet-pytorch", "torch", "torchvision", "numpy", "pillow")
    described = {
        "made_by": "tests/data/make_mtcnn_reference.py",
        "reference": "facenet_pytorch.MTCNN(keep_all=True, ...).detect(image, landmarks=True)",
        "versions": {p: importlib.metadata.version(p) for p in packages},
        "settings": {**SETTINGS, "shrunk_before": False, "resize": "area (adaptive average pool)"},
        "photo": path.name,
        "photo_pixels_sha256": digest(photo),
        "boxes": "x1, y1, x2, y2; largest first; the first pixel of the image is 1",
        "landmarks": "left eye, right eye, nose, left and right mouth corner as seen in the photo: "
                     "x, y; the first pixel of the image is 0",
        "images": [image(photo, detector, name, recipe) for name, recipe in images()],
        "networks": [network(photo, detector, *case) for case in networks()],
    }
    (HERE / "mtcnn_reference.json").write_text(readable(described) + "\n")


def networks() -> list[tuple[str, list[dict]]]:
    """Names of the networks and recipes of their inputs: a face, a part of one, no face."""
    def cuts(side: int, every: int) -> list[dict]:
        corners = ([176, 68], [150, 40], [380, 60])
        return [canvas(side, side, paste([*c, side * every, side * every], every=every)) for c in corners]
    return [("pnet", [canvas(35, 29, paste([150, 30, 35 * 5, 29 * 5], every=5))]),
            ("rnet", cuts(24, 4)), ("onet", cuts(48, 2))]


def image(photo: np.ndarray, detector: MTCNN, name: str, recipe: dict) -> dict:
    """What the whole detector finds in one image."""
    pixels = compose(photo, recipe)
    boxes, probabilities, landmarks = detector.detect(pixels, landmarks=True)
    faces = [] if boxes is None else [
        {"box": short(b), "probability": short(p), "landmarks": short(points)}
        for b, p, points in zip(boxes, probabilities, landmarks)]
    return {"name": name, "recipe": recipe, "sha256": digest(pixels), "faces": faces}


def network(photo: np.ndarray, detector: MTCNN, name: str, recipes: list[dict]) -> dict:
    """What one network gives for its inputs, (v - 127.5) * 0.0078125, all in one batch."""
    pixels = np.stack([compose(photo, recipe) for recipe in recipes])
    planes = torch.from_numpy((pixels.astype(np.float32) - 127.5) * 0.0078125).permute(0, 3, 1, 2)
    with torch.no_grad():
        outputs = getattr(detector, name)(planes)
    named = {"offsets": outputs[0], "probability": outputs[-1][:, 1]}
    if name == "onet":
        named["landmarks"] = outputs[1]
    return {"name": name, "recipes": recipes, "sha256": digest(pixels),
            **{k: short(v.numpy()) for k, v in named.items()}}


def digest(pixels: np.ndarray) -> str:
    """sha256 over the bytes, row by row, R G B."""
    return hashlib.sha256(pixels.tobytes()).hexdigest()


if __name__ == "__main__":
    main()
