"""Names of faces in XMP, as digiKam, Lightroom, Picasa and others keep them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, Union

from . import _sameface

Box: TypeAlias = Sequence[float]
"""Left, top, width and height in pixels of the upright photo."""
Naming = Literal["photo.jpg.xmp", "photo.xmp"]
"""How the sidecar of photo.jpg is called: as by digiKam, darktable and Immich, or as by Adobe's programs."""
Path_: TypeAlias = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True, slots=True)
class Region:
    """A face that is marked in a photo's XMP."""

    name: str | None
    """Whose it is; `None` if it has no name yet."""
    box: tuple[float, float, float, float]
    """Left, top, width and height in pixels of the upright photo."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What became of a photo's sidecar."""

    path: Path
    """Its file."""
    outcome: Literal["written", "would-write", "unchanged"]
    """Whether it was written, would be, or had all of it already."""
    added: tuple[str, ...]
    """The names for which something was added."""
    kept: dict[str, str | None]
    """The names that were not written, with what the face is called there; `None` if another face of the
    photo has the name there."""


def read_xmp(photo: Path_) -> list[Region]:
    """The faces that other programs marked in a photo, in its sidecars and in itself.

    Of several at one place the first counts: that of `photo.jpg.xmp`, of `photo.xmp`, then of the photo.

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
    """Write names, each with the box of its face, into a photo's sidecar, where other programs see them.

    What is there stays: a face that has another name there keeps it. The photo is not changed. With
    `dry_run` nothing is.

        for found in people.identify("album"):
            known = {face.name: face.box for face in found.faces if face.person}
            sameface.write_xmp(found.photo, known)

    Raises `VerifyError` if the sidecar is no XMP that can be added to, which is then left as it is;
    `OSError` if the photo cannot be read or the sidecar not written.
    """
    pairs = faces.items() if isinstance(faces, Mapping) else faces
    listed = [(name, [float(side) for side in box]) for name, box in pairs]
    path, outcome, added, kept = _sameface.write_sidecar(
        os.fspath(photo), listed, naming, dry_run
    )
    return Sidecar(path, outcome, tuple(added), dict(kept))
