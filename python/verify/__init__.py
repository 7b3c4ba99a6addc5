"""Learns one person's face from that person's photos, and says of any other photo whether that
person is in it.

    >>> import verify
    >>> anna = verify.Profile.enroll("photos/of/anna")
    >>> anna.check("party.jpg").verdict
    'match'

`People` are several, and say who of them is in a photo:

    >>> people = verify.People()
    >>> anna = people.enroll("photos/of/anna", name="Anna")
    >>> [face.name for face in next(people.identify("party.jpg")).faces]
    ['Anna', 'unknown']

`verify.sklearn` has the decision as an estimator; `verify.ray` and `verify.spark` look through any
number of photos on a cluster; `verify.parquet` looks for another person in what they kept.
"""

from ._errors import NoPersonError
from ._faces import Faces, embed
from ._packs import DIMENSIONS, AnyPack, ListedPack, packs
from ._people import ListedPerson, People
from ._photos import Photo, Photos
from ._profile import EnrolledPhoto, Method, Profile
from ._report import Check, CheckedFace, Identified, NamedFace, Nearest, Ranked, Verdict
from ._runtime import (
    Device,
    get_device,
    get_threads,
    hand_over_runtime,
    set_device,
    set_threads,
)
from ._verify import VerifyError

__all__ = [
    "DIMENSIONS",
    "AnyPack",
    "Check",
    "CheckedFace",
    "Device",
    "EnrolledPhoto",
    "Faces",
    "Identified",
    "ListedPack",
    "ListedPerson",
    "Method",
    "NamedFace",
    "Nearest",
    "NoPersonError",
    "People",
    "Photo",
    "Photos",
    "Profile",
    "Ranked",
    "Verdict",
    "VerifyError",
    "embed",
    "get_device",
    "get_threads",
    "packs",
    "set_device",
    "set_threads",
]

hand_over_runtime()
