"""Photos to embeddings, whoever they show."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ._packs import AnyPack, opened
from ._photos import BATCH_SIZE, Photos, analysed, listed


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """All faces of some photos, one row each; the faces of a photo follow each other, the largest first."""

    embeddings: NDArray[np.float32]
    """Of shape (n, dimensions of the pack), each row of length 1."""
    photo: NDArray[np.int64]
    """The photo each face is in, as its index in `names`; shape (n,)."""
    box: NDArray[np.float32]
    """Left, top, width and height in pixels of the upright photo; shape (n, 4)."""
    confidence: NDArray[np.float32]
    """How sure the detector is that it is a face, 0 to 1; shape (n,)."""
    names: list[str]
    """Every photo's path or name."""
    errors: dict[int, str]
    """The errors of the photos that could not be read, by their index in `names`."""

    def __len__(self) -> int:
        return len(self.embeddings)


def embed(
    photos: Photos,
    *,
    pack: AnyPack | None = None,
    enrolling: bool = False,
    batch_size: int = BATCH_SIZE,
) -> Faces:
    """Find every face in `photos` and give its embedding.

    A photo that cannot be read has no face; its error is in `errors`. `batch_size` photos are in
    memory at a time.

    `pack` is the pack of models, by its name or its folder: by default $VERIFY_PACK, otherwise the
    built-in one. Embeddings of different packs cannot be compared. With `enrolling`, faces are
    analysed as for enrolling, for which some packs use more views of a face.

    Raises `ValueError` if there is no such pack, `VerifyError` if it cannot be used.
    """
    models = opened(pack)
    seen = list(analysed(listed(photos), models, enrolling=enrolling, batch_size=batch_size))
    parts = [photo.embeddings for photo in seen]
    return Faces(
        embeddings=np.concatenate([np.empty((0, models.dimensions), np.float32), *parts]),
        photo=np.repeat(np.arange(len(seen)), [len(part) for part in parts]),
        box=np.concatenate([np.empty((0, 4), np.float32), *(photo.boxes for photo in seen)]),
        confidence=np.concatenate([np.empty(0, np.float32), *(photo.confidences for photo in seen)]),
        names=[photo.name for photo in seen],
        errors={at: photo.error for at, photo in enumerate(seen) if photo.error is not None},
    )
