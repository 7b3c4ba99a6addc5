"""verifyface: `enroll` and `verify` of its `Verifier`, with a vault for each enrolment."""

from __future__ import annotations

import tempfile

import verifyface as peer
from verifyface.errors import VerifyFaceError


class Found:
    """An engine that looks up what was found in a photo before, so that enrolling again costs nothing."""

    similarity = staticmethod(peer.FaceEngine.similarity)

    def __init__(self) -> None:
        self.photos: dict = {}

    def embed(self, photo: str, **_: object) -> object:
        return self.photos[photo]


class Program:
    """Takes the largest face of a photo. A photo that it refuses is left out of the enrolment."""

    def __init__(self) -> None:
        self.engine = peer.FaceEngine()

    def embed(self, photo: str) -> object | None:
        try:
            return self.engine.embed(photo)
        except VerifyFaceError:
            return None

    def enrol(self, found: list) -> tuple[peer.Verifier, Found]:
        engine = Found()
        engine.photos = {str(place): embedding for place, embedding in enumerate(found)}
        with tempfile.TemporaryDirectory() as vault:
            verifier = peer.Verifier(vault=vault)
            verifier._engine = engine
            verifier.enroll("person", list(engine.photos))
            kept = verifier.vault.load("person")
        # What was saved is all that `verify` reads of the vault.
        verifier.vault.load = lambda _: kept
        verifier.vault.identities = lambda: ["person"]
        return verifier, engine

    def compare(self, template: tuple, photo: str, found: object) -> tuple[float, bool]:
        verifier, engine = template
        engine.photos = {photo: found}
        result = verifier.verify("person", photo, check_replay=False)
        return result.score, result.matched

    def plain(self, photos: list[str], photo: str) -> tuple[float, bool] | None:
        with tempfile.TemporaryDirectory() as vault:
            verifier = peer.Verifier(vault=vault)
            try:
                verifier.enroll("person", [known for known in photos if self.embed(known)])
                result = verifier.verify("person", photo)
            except VerifyFaceError:
                return None
            return result.score, result.matched
