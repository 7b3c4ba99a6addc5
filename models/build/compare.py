"""Hold the converted networks against what the original code computes, recorded in tests/data.

Nothing is converted here, and neither PyTorch nor dlib is needed.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

DATA = Path(__file__).resolve().parent.parent.parent / "tests" / "data"
sys.path.insert(0, str(DATA))
from patterns import compose, pattern  # noqa: E402

TOLERANCE = 1e-5


def compare(built: dict[str, bytes]) -> None:
    """Print each network's largest difference from the original; exit where it is too large."""
    photo = np.asarray(Image.open(DATA / "astronaut.png"))
    for name, largest in {**mtcnn(built, photo), "dlib_resnet_v1": dlib(built, photo)}.items():
        print(f"{name}: largest difference from the original {largest:.1e}")
        if not largest <= TOLERANCE:
            sys.exit(f"{name} differs from the original by more than {TOLERANCE}")


def mtcnn(built: dict[str, bytes], photo: np.ndarray) -> dict[str, float]:
    """The largest difference of each detector network from PyTorch's numbers."""
    differences = {}
    for expected in json.loads((DATA / "mtcnn_reference.json").read_text())["networks"]:
        images = np.stack([compose(photo, recipe) for recipe in expected["recipes"]])
        found = run(built[expected["name"]], (images.astype(np.float32) - 127.5) * np.float32(0.0078125))
        differences[expected["name"]] = max(
            float(np.abs(values.ravel() - np.ravel(expected[output])).max())
            for output, values in found.items())
    return differences


def dlib(built: dict[str, bytes], photo: np.ndarray) -> float:
    """The largest difference of one number of an embedding from dlib's."""
    crops = json.loads((DATA / "dlib_embeddings.json").read_text())["crops"]
    images = [pattern(**crop["pattern"]) if "pattern" in crop else compose(photo, crop["recipe"])
              for crop in crops]
    found = run(built["dlib_resnet_v1"], np.stack(images).astype(np.float32))["embedding"]
    return float(np.abs(found - np.array([crop["embedding"] for crop in crops])).max())


def run(model: bytes, images: np.ndarray) -> dict[str, np.ndarray]:
    """Every output of `model` for images (N, H, W, 3)."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    planes = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    return dict(zip(names, session.run(names, {session.get_inputs()[0].name: planes})))
