"""Packs of models: finding one and listing all."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, Union

from . import _sameface

AnyPack: TypeAlias = Union[str, "os.PathLike[str]"]
"""A pack of models: a name that `packs` lists, or the folder of a pack."""

DIMENSIONS = _sameface.Pack().dimensions
"""The length of an embedding of the built-in pack; for other packs see `packs`."""


@dataclass(frozen=True, slots=True)
class ListedPack:
    """A pack of models, or why it cannot be opened."""

    name: str | None
    """Its name; `None` if it cannot be opened."""
    identity: str | None
    """Its name and a hash of everything that affects an embedding: a profile's `models`."""
    folder: Path | None
    """Its folder; `None` for the built-in pack."""
    dimensions: int | None
    """The length of an embedding."""
    error: str | None
    """Why it cannot be opened."""


def packs() -> list[ListedPack]:
    """The packs of models: the built-in one first, then those in the user's folder of packs, as
    `verify pack list` shows them."""
    return [ListedPack(*line) for line in _sameface.packs()]


def opened(pack: AnyPack | None) -> _sameface.Pack:
    """The pack given; if none, the one of $VERIFY_PACK, otherwise the built-in one."""
    name = os.environ.get("VERIFY_PACK") or None if pack is None else os.fspath(pack)
    return _sameface.Pack(name)
