"""face_recognition: any known photo within the default tolerance of any face is a match."""

from __future__ import annotations

import face_recognition as peer
import numpy as np


class Program:
    """Finds faces by HOG, its default; of a known photo the first face counts, as for its command."""

    tolerance = 0.6
    detector = "hog"

    def embed(self, photo: str) -> list[np.ndarray] | None:
        image = peer.load_image_file(photo)
        return peer.face_encodings(image, peer.face_locations(image, model=self.detector)) or None

    def enrol(self, found: list) -> list[np.ndarray]:
        return [faces[0] for faces in found]

    def compare(self, template: list, _photo: str, found: list) -> tuple[float, bool]:
        nearest = min(peer.face_distance(template, face).min() for face in found)
        return -float(nearest), bool(nearest <= self.tolerance)

    def plain(self, photos: list[str], photo: str) -> tuple[float, bool] | None:
        known = [faces[0] for faces in map(self.embed, photos) if faces]
        faces = self.embed(photo)
        if not known or not faces:
            return None
        nearest = min(float(peer.face_distance(known, face).min()) for face in faces)
        return -nearest, any(any(peer.compare_faces(known, face)) for face in faces)
