"""Names of faces in XMP, as digiKam, Lightroom, Picasa and others write them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, Union

from . import _sameface

Box: TypeAlias = Sequence[float]
"""Left, top, width and height in pixels of the upright photo."""
Naming = Literal["photo.jpg.xmp", "photo.xmp"]
"""The name of photo.jpg's sidecar: as in digiKam, darktable and Immich, or as in Adobe's programs."""
Path_: TypeAlias = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True, slots=True)
class Region:
    """A face marked in a photo's XMP."""

    name: str | None
    """The person's name; `None` if the face has no name yet."""
    box: tuple[float, float, float, float]
    """Left, top, width and height in pixels of the upright photo."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The result of writing a photo's sidecar."""

    path: Path
    """Its file."""
    outcome: Literal["written", "would-write", "unchanged"]
    """Whether it was written, would be written, or already had all the names."""
    added: tuple[str, ...]
    """The names that were added."""
    kept: dict[str, str | None]
    """The names that were not written, each with the name that the face already has there; `None` if
    another face of the photo has the name."""


def read_xmp(photo: Path_) -> list[Region]:
    """The faces that other programs marked in a photo, in its sidecars and in itself.

    If several mark the same place, the first counts: `photo.jpg.xmp`, then `photo.xmp`, then the photo.

    Raises `OSError` if the photo cannot be read, `VerifyError` if its XMP cannot.
    """
    regions = _sameface.read_regions(os.fspath(photo))
    return [Region(name, (box[0], box[1], box[2], box[3])) for name, box in regions]


def write_xmp(
    photo: Path_,
    faces: Mapping[str, Box] | Iterable[tuple[str, Box]],
    *,
    naming: Naming = "photo.jpg.xmp",
    dry_run: bool = False,
) -> Sidecar:
    """Write names, each with the box of its face, into a photo's sidecar for other programs to read.

    Existing names stay: a face that already has another name keeps it. The photo itself is never
    changed. With `dry_run` nothing is written.

        for found in people.identify("album"):
            known = {face.name: face.box for face in found.faces if face.person}
            sameface.write_xmp(found.photo, known)

    Raises `VerifyError` if names cannot be added to the sidecar's XMP, which then stays unchanged;
    `OSError` if the photo cannot be read or the sidecar cannot be written.
    """
    pairs = faces.items() if isinstance(faces, Mapping) else faces
    listed = [(name, [float(side) for side in box]) for name, box in pairs]
    path, outcome, added, kept = _sameface.write_sidecar(
        os.fspath(photo), listed, naming, dry_run
    )
    return Sidecar(path, outcome, tuple(added), dict(kept))
