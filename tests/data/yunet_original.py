"""YuNet as its authors run it: OpenCV's detector with the weights as they are published."""

from pathlib import Path

import cv2
import numpy as np

WEIGHTS = Path(__file__).resolve().parent.parent.parent / "target" / "model-sources" / "yunet.onnx"
SETTINGS = {"score_threshold": 0.6, "nms_threshold": 0.3, "top_k": 5000}


def find(pixels: np.ndarray) -> np.ndarray:
    """The faces of an RGB image: rows of x, y, width, height, five points and the score, surest first."""
    height, width = pixels.shape[:2]
    detector = cv2.FaceDetectorYN.create(str(WEIGHTS), "", (width, height), **SETTINGS)
    _, faces = detector.detect(np.ascontiguousarray(pixels[:, :, ::-1]))
    return np.zeros((0, 15), dtype=np.float32) if faces is None else faces
