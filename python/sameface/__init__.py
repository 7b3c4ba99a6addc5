"""Enrols one person from photos of them, and checks whether that person is in other photos.

    >>> import sameface
    >>> anna = sameface.Profile.enroll("photos/of/anna")
    >>> anna.check("party.jpg").verdict
    'match'

`People` holds several people and says which of them are in a photo:

    >>> people = sameface.People()
    >>> anna = people.enroll("photos/of/anna", name="Anna")
    >>> [face.name for face in next(people.identify("party.jpg")).faces]
    ['Anna', 'unknown']

`sameface.sklearn` has the decision as an estimator; `sameface.ray` and `sameface.spark` scan any number of
photos on a cluster; `sameface.parquet` searches the embeddings they kept for another person.
"""

from ._errors import NoPersonError
from ._faces import Faces, embed
from ._groups import Group, GroupedFace
from ._packs import DIMENSIONS, AnyPack, ListedPack, packs
from ._people import ListedPerson, People
from ._photos import Photo, Photos
from ._profile import EnrolledPhoto, Method, Profile
from ._report import Apart, Check, CheckedFace, Identified, NamedFace, Nearest, Ranked, Verdict
from ._review import Finding, Review
from ._runtime import (
    Device,
    get_device,
    get_threads,
    hand_over_runtime,
    set_device,
    set_threads,
)
from ._sameface import VerifyError
from ._xmp import Region, Sidecar, read_xmp, write_xmp

__all__ = [
    "Apart",
    "DIMENSIONS",
    "AnyPack",
    "Check",
    "CheckedFace",
    "Device",
    "EnrolledPhoto",
    "Faces",
    "Finding",
    "Group",
    "GroupedFace",
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
    "Region",
    "Review",
    "Sidecar",
    "Verdict",
    "VerifyError",
    "embed",
    "get_device",
    "get_threads",
    "packs",
    "read_xmp",
    "set_device",
    "set_threads",
    "write_xmp",
]

hand_over_runtime()
