"""Hold the converted networks against what the original code computes, recorded in tests/data.

Nothing is converted here, and neither PyTorch nor dlib nor OpenCV is needed.
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
    differences = {**mtcnn(built, photo), "mtcnn-dlib/dlib_resnet_v1": dlib(built, photo),
                   "yunet-sface/yunet": yunet(built, photo), "yunet-sface/sface": sface(built, photo)}
    for name, largest in differences.items():
        print(f"{name}: largest difference from the original {largest:.1e}")
        if not largest <= TOLERANCE:
            sys.exit(f"{name} differs from the original by more than {TOLERANCE}")


def mtcnn(built: dict[str, bytes], photo: np.ndarray) -> dict[str, float]:
    """The largest difference of each detector network from PyTorch's numbers."""
    differences = {}
    for expected in reference("mtcnn_reference.json")["networks"]:
        images = np.stack([compose(photo, recipe) for recipe in expected["recipes"]])
        name = f"mtcnn-dlib/{expected['name']}"
        found = run(built[name], (images.astype(np.float32) - 127.5) * np.float32(0.0078125))
        differences[name] = outputs_apart(found, expected)
    return differences


def dlib(built: dict[str, bytes], photo: np.ndarray) -> float:
    """The largest difference of one number of an embedding from dlib's."""
    crops = reference("dlib_embeddings.json")["crops"]
    found = run(built["mtcnn-dlib/dlib_resnet_v1"], pictures(crops, photo))["embedding"]
    return float(np.abs(found - np.array([crop["embedding"] for crop in crops])).max())


def yunet(built: dict[str, bytes], photo: np.ndarray) -> float:
    """The largest difference of one number from those of OpenCV's run of the published file."""
    (expected,) = reference("yunet_reference.json")["networks"]
    blue_first = np.stack([compose(photo, recipe)[:, :, ::-1] for recipe in expected["recipes"]])
    return outputs_apart(run(built["yunet-sface/yunet"], blue_first.astype(np.float32)), expected)


def sface(built: dict[str, bytes], photo: np.ndarray) -> float:
    """The largest difference of one number from the published file's, over the embedding's length."""
    crops = reference("sface_embeddings.json")["crops"]
    expected = np.array([crop["embedding"] for crop in crops])
    found = run(built["yunet-sface/sface"], pictures(crops, photo))["embedding"]
    return float((np.abs(found - expected).max(axis=1) / np.linalg.norm(expected, axis=1)).max())


def reference(name: str) -> dict:
    """A file of tests/data."""
    return json.loads((DATA / name).read_text())


def pictures(crops: list[dict], photo: np.ndarray) -> np.ndarray:
    """The crops of a file of embeddings, f32 (N, side, side, 3)."""
    def picture(crop: dict) -> np.ndarray:
        if "pattern" in crop:
            return pattern(**crop["pattern"])
        return np.asarray(Image.open(DATA / crop["file"])) if "file" in crop else compose(photo, crop["recipe"])
    return np.stack([picture(crop) for crop in crops]).astype(np.float32)


def outputs_apart(found: dict[str, np.ndarray], expected: dict) -> float:
    """The largest difference of any number of any output."""
    return max(float(np.abs(values.ravel() - np.ravel(expected[output])).max())
               for output, values in found.items())


def run(model: bytes, images: np.ndarray) -> dict[str, np.ndarray]:
    """Every output of `model` for images (N, H, W, 3)."""
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    planes = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    return dict(zip(names, session.run(names, {session.get_inputs()[0].name: planes})))
