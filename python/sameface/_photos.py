"""Photos in every form that Python has for them, converted for the Rust side."""

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np
from numpy.typing import NDArray

from . import _sameface
from ._runtime import get_threads

if TYPE_CHECKING:
    from PIL.Image import Image

BATCH_SIZE = 256
"""Photos handed to the threads at a time."""

AnyPhoto: TypeAlias = Union[str, "os.PathLike[str]", bytes, bytearray, "NDArray[np.uint8]", "Image"]
Photo: TypeAlias = Union[AnyPhoto, tuple[str, AnyPhoto]]
"""A photo: a file's path, a file's bytes, a PIL image, or an array of shape (height, width, 3) of
8-bit RGB. A pair (name, photo) gives it the name that results and errors use."""
Photos: TypeAlias = Union[str, "os.PathLike[str]", Iterable[Photo]]
"""The path of a photo or of a folder of photos, or any number of photos."""

Content: TypeAlias = Union[bytes, "NDArray[np.uint8]", str]
Named: TypeAlias = tuple[str, Content]


def named(photo: Photo, number: int) -> Named:
    """The photo with its name; a photo without a name is named by its number."""
    if isinstance(photo, tuple):
        name, photo = photo
        return name, content(photo)
    if isinstance(photo, (str, os.PathLike)):
        return os.fspath(photo), os.fspath(photo)
    return f"photos[{number}]", content(photo)


def content(photo: AnyPhoto) -> Content:
    """The photo as the Rust side takes it."""
    if isinstance(photo, (str, os.PathLike)):
        # A photo whose name is not its path is read here.
        return Path(photo).read_bytes()
    if isinstance(photo, (bytes, bytearray, memoryview)):
        return bytes(photo)
    if isinstance(photo, np.ndarray):
        return pixels(photo)
    if hasattr(photo, "getexif"):
        return pixels_of_image(photo)
    raise TypeError(
        "a photo must be a path, bytes, a PIL image or an array of shape (height, width, 3), "
        f"not {type(photo).__name__}"
    )


def pixels(array: NDArray[Any]) -> NDArray[np.uint8]:
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
        raise ValueError(
            "an array of pixels must be of type uint8 and of shape (height, width, 3), RGB, "
            f"not {array.dtype} and {array.shape}"
        )
    return np.ascontiguousarray(array)


def pixels_of_image(image: "Image") -> NDArray[np.uint8]:
    """Upright RGB; transparent pixels become white, as for the command."""
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        clear = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    return np.ascontiguousarray(upright.convert("RGB"))


def listed(photos: Photos) -> Iterator[Named]:
    """The photos one by one; those of a folder in the order of the command."""
    if isinstance(photos, (str, os.PathLike)):
        photos = _sameface.find(os.fspath(photos))
    elif isinstance(photos, (bytes, bytearray, np.ndarray)) or hasattr(photos, "getexif"):
        raise TypeError("photos must be a path or an iterable of photos; put one photo in a list")
    for number, photo in enumerate(photos):
        yield named(photo, number)


def analysed(
    photos: Iterable[Named],
    pack: _sameface.Pack,
    judge: _sameface.Person | _sameface.Known | None = None,
    *,
    enrolling: bool = False,
    prior: float = 0.5,
    strict: bool = False,
    batch_size: int = BATCH_SIZE,
) -> Iterator[_sameface.Seen]:
    """The analysed photos, in their order; `batch_size` of them are in memory at a time. `judge`, a
    person or people of the same `pack`, adds their reports."""
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    photos = iter(photos)
    while batch := list(islice(photos, batch_size)):
        yield from _sameface.analyse(batch, get_threads(), pack, enrolling, judge, prior, strict)
