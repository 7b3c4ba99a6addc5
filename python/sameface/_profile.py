"""One enrolled person."""

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _sameface
from ._packs import AnyPack, opened
from ._photos import BATCH_SIZE, Photo, Photos, analysed, listed, named
from ._report import Check
from ._runtime import get_threads

Method = Literal["centroid", "nearest", "plda", "svm", "supervised"]
Which: TypeAlias = Union[Mapping[str, int], Mapping[Path, int]]
"""Which face of a photo is meant, counted from the left from 1, by the photo's path or name."""


@dataclass(frozen=True, slots=True)
class EnrolledPhoto:
    """What became of a photo that was given to be enrolled."""

    path: str
    """Its path or name."""
    status: Literal["kept", "duplicate", "set-aside"]
    """Whether it counts."""
    reason: str | None
    """Why it does not."""
    score: float | None
    """How well the other photos recognise its face."""
    faces: int
    """How many faces it has."""
    face: int | None
    """Which of several faces is the person's, counted from the left from 1; `None` if it is the only
    one."""
    taken: str | None
    """When it was taken, as 2015-03-12, if its file or its name says so."""


class Profile:
    """One person's face, learnt from that person's photos.

    A profile is made by `Profile.enroll` or `Profile.load`, never changes, and can be pickled: it
    travels as the bytes of its file, with the name or the folder of its pack of models. The command's
    profiles are the same files.
    """

    __slots__ = ("_person",)

    _person: _sameface.Person

    def __init__(self) -> None:
        raise TypeError("use Profile.enroll or Profile.load")

    @classmethod
    def _of(cls, person: _sameface.Person) -> "Profile":
        profile = cls.__new__(cls)
        profile._person = person
        return profile

    @classmethod
    def enroll(
        cls,
        photos: Photos,
        *,
        far: float = 1e-4,
        name: str | None = None,
        method: Method = "centroid",
        not_this_person: Mapping[str, Photos] | None = None,
        negatives: Photos = (),
        face: Which | None = None,
        born: int | None = None,
        from_xmp: str | None = None,
        pack: AnyPack | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> "Profile":
        """Learn the person that most of `photos` show.

        `photos` is a folder, or any number of photos. Copies count once, and photos of somebody
        else are set aside: see `photos` of the profile. `far` is the share of strangers who may be
        accepted. The name is the folder's unless another is given. `not_this_person` has photos of
        people who must not be taken for the person, by their names; `negatives` are photos of other
        people, for the method "supervised". `face` says of a photo with several faces which is the
        person's, counted from the left from 1: `{"party.jpg": 2}`, the photo by its path or name.
        `born` is the year in which the person was born: a child's photos are of use for fewer years.
        With `from_xmp` only photos count whose XMP, in themselves or in sidecars, has a face of that name,
        and of each that face; the name is then the person's, unless another is given. A photo in which no
        face is found there is set aside, with a warning.
        `pack` is the pack of models, by its name or its folder: by default $VERIFY_PACK, otherwise the
        one built in.

        Raises `VerifyError` if the photos show nobody, two people or no one person, or if the pack
        cannot be used; `ValueError` if there is no such pack, no such face, or nobody of that name.
        """
        _sameface.threshold_of(far)  # before minutes of work
        numbers = _numbered(face)
        models = opened(pack)
        look = _Look(models, batch_size)
        seen = look.at(photos) if from_xmp is None else look.at_person(photos, from_xmp)
        first = os.fspath(photos) if isinstance(photos, (str, os.PathLike)) else _first(seen)
        name = name if name is not None else from_xmp
        called = name if name is not None else _folder_name(first)
        asked = _asked(
            folder=first,
            name=called,
            method=method,
            far=far,
            born=born,
            add=seen,
            faces=numbers,
            keep_apart=look.at_each(not_this_person),
            negatives=look.at(negatives),
        )
        return cls._of(_sameface.Person.apply(None, asked, models))

    def changed(
        self,
        *,
        add: Photos = (),
        remove: Iterable[str] = (),
        keep: Iterable[str] = (),
        drop: Iterable[str] = (),
        name: str | None = None,
        method: Method | None = None,
        far: float | None = None,
        not_this_person: Mapping[str, Photos] | None = None,
        forget: Iterable[str] = (),
        negatives: Photos = (),
        face: Which | None = None,
        born: int | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> "Profile":
        """The same person with something changed, learnt anew without the old photos.

        Photos are added, and taken out by their path or name; `keep` counts photos that were set
        aside, `drop` leaves photos in the list and does not count them. People in `not_this_person`
        are kept apart, those whose names are in `forget` no longer. A photo of which another face is
        named in `face` is given in `add`, also if it was enrolled before. The rest is as for
        `enroll`; what is left out stays as it is.

        Raises `VerifyError` as `enroll` does, and if a photo that is named is not enrolled or no photo
        is left.
        """
        if far is not None:
            _sameface.threshold_of(far)  # before minutes of work
        numbers = _numbered(face)
        look = _Look(self._person.pack, batch_size)
        asked = _asked(
            folder=self.name,
            name=name,
            method=method,
            far=far,
            born=born,
            add=look.at(add),
            faces=numbers,
            remove=list(remove),
            keep=list(keep),
            drop=list(drop),
            keep_apart=look.at_each(not_this_person),
            forget=list(forget),
            negatives=look.at(negatives),
        )
        return self._of(_sameface.Person.apply(self._person, asked, self._person.pack))

    @classmethod
    def load(
        cls,
        path: "str | os.PathLike[str]",
        *,
        passphrase: str | None = None,
        pack: AnyPack | None = None,
    ) -> "Profile":
        """Read a profile from its file, with its `passphrase` if it is encrypted.

        `pack` is the pack of models that it was enrolled with, as for `enroll`.

        Raises `FileNotFoundError` if there is none, `VerifyError` if it is damaged, made with another
        pack, or encrypted with another passphrase.
        """
        return cls._of(_sameface.Person.load(os.fspath(path), passphrase, opened(pack)))

    @classmethod
    def from_json(cls, json: bytes, *, pack: AnyPack | None = None) -> "Profile":
        """From the content of a profile's file; `pack` as for `load`."""
        return cls._of(_sameface.Person.from_json(json, opened(pack)))

    def to_json(self) -> bytes:
        """The content of the profile's file."""
        return self._person.to_json()

    def save(self, path: "str | os.PathLike[str]", *, passphrase: str | None = None) -> None:
        """Write the profile so that only its owner can read it, whole or not at all.

        With a `passphrase` it is encrypted, as a file of the format age (age-encryption.org).
        """
        self._person.save(os.fspath(path), passphrase)

    def check(self, photo: Photo, *, prior: float = 0.5, strict: bool = False) -> Check:
        """Say whether the person is in a photo.

        What is wrong with a photo is in the result's `error`, with the verdict `error`. `prior` is
        how likely it was, before looking, that a face is the person's; it moves the probability
        only. With `strict` the verdict is never `uncertain`.
        """
        return next(self._check([named(photo, 0)], prior=prior, strict=strict, batch_size=1))

    def check_many(
        self,
        photos: Photos,
        *,
        prior: float = 0.5,
        strict: bool = False,
        batch_size: int = BATCH_SIZE,
    ) -> Iterator[Check]:
        """As `check`, for any number of photos on all threads, in order, as they come."""
        return self._check(listed(photos), prior=prior, strict=strict, batch_size=batch_size)

    def _check(self, photos: Iterable[tuple[str, Any]], **settings: Any) -> Iterator[Check]:
        for seen in analysed(photos, self._person.pack, self._person, **settings):
            assert seen.report is not None
            yield Check.from_json(seen.report)

    def with_strangers(self, strangers: Photos | NDArray[np.float32] | None) -> "Profile":
        """The same person with the threshold set by strangers; `None` leaves it to the population.

        `strangers` are photos, or embeddings of shape (n, dimensions), of people who would be
        checked: without names, and the person may be among them. The rate `far` then holds among
        them, and the threshold is never lower than without them. Only a few numbers are kept.

        Raises `ValueError` if they are fewer than 20 strangers' faces.
        """
        if strangers is None:
            return self._of(self._person.with_strangers(None))
        if not isinstance(strangers, np.ndarray):
            seen = analysed(listed(strangers), self._person.pack, enrolling=False)
            faces = [photo.embeddings for photo in seen if photo.embeddings.size]
            strangers = np.concatenate(faces) if faces else np.empty((0, self.dimensions))
        rows = np.ascontiguousarray(strangers, dtype=np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.dimensions:
            shape = f"(n, {self.dimensions})"
            raise ValueError(f"strangers must have the shape {shape}; these have {rows.shape}")
        return self._of(self._person.with_strangers(rows))

    def score(self, embeddings: ArrayLike) -> NDArray[np.float64]:
        """The scores of embeddings of shape (n, dimensions), each of length 1: shape (n,).

        The embeddings must be of the profile's pack, as `embed(photos, pack=profile.pack)` gives them.
        A score is -log10 of the share of strangers who look at least as alike; from `threshold` on
        it is a match. All threads work on it, and Python goes on meanwhile.
        """
        rows = np.ascontiguousarray(embeddings, dtype=np.float32)
        if rows.ndim != 2:
            shape = f"(n, {self.dimensions})"
            raise ValueError(f"embeddings must have the shape {shape}; these have {rows.shape}")
        return self._person.score(rows, get_threads())

    def verdicts(self, scores: ArrayLike) -> list[str]:
        """What is said of faces of these scores: "match", "uncertain" or "no-match" of each."""
        return self._person.verdicts(np.ascontiguousarray(scores, dtype=np.float64))

    @property
    def name(self) -> str:
        """The person's name."""
        return self._person.name

    @property
    def method(self) -> str:
        """How it is decided."""
        return self._person.method

    @property
    def pack(self) -> str:
        """The pack of models: its name, or the whole path of the folder that it was opened from."""
        return self._person.pack.called

    @property
    def models(self) -> str:
        """The identity of the pack whose embeddings the profile holds."""
        return self._person.models

    @property
    def dimensions(self) -> int:
        """The length of an embedding."""
        return self._person.pack.dimensions

    @property
    def threshold(self) -> float:
        """The score from which on a face is a match."""
        return self._person.threshold

    @property
    def far(self) -> float:
        """The share of strangers that the threshold accepts: of those that it was set by, or of people
        like those that the pack's population was estimated from."""
        return self._person.far

    @property
    def born(self) -> int | None:
        """The year in which the person was born, if it was said."""
        return self._person.born

    @property
    def strangers(self) -> int | None:
        """The strangers' faces that the threshold was set by, if it was."""
        return self._person.strangers

    @property
    def look_alikes(self) -> list[str]:
        """The names of the people who must not be taken for the person."""
        return self._person.look_alikes

    @property
    def photos(self) -> list[EnrolledPhoto]:
        """What became of every photo that was given to be enrolled, in order."""
        return [EnrolledPhoto(*record) for record in self._person.photos]  # type: ignore[arg-type]

    def __reduce__(self) -> tuple[Any, ...]:
        return Profile._of, (self._person,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Profile) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        kept = sum(photo.status == "kept" for photo in self.photos)
        return f"<Profile of {self.name!r}: {kept} photos, threshold {self.threshold:.2f}>"


@dataclass(frozen=True, slots=True)
class _Look:
    """How photos are looked at that are learnt from."""

    pack: _sameface.Pack
    batch_size: int

    def at(self, photos: Photos) -> list[_sameface.Seen]:
        size = self.batch_size
        return list(analysed(listed(photos), self.pack, enrolling=True, batch_size=size))

    def at_person(self, photos: Photos, name: str) -> list[_sameface.Seen]:
        """The photos whose XMP has a face of this name, each with that face alone."""
        pairs = list(listed(photos))
        if not all(isinstance(content, str) for _, content in pairs):
            raise ValueError("from_xmp: takes photos that are files; give their paths")
        paths = [path for path, _ in pairs if _sameface.is_named(path, name)]
        if not paths:
            raise ValueError(f"from_xmp: no face is called {name!r} there")
        chosen = []
        for photo in self.at(paths):
            of_person, found = photo.of_person(name) if photo.error is None else (photo, True)
            if not found:
                problem = f"{photo.name}: no face is found where its XMP has {name}"
                warnings.warn(problem, RuntimeWarning, stacklevel=4)
            chosen.append(of_person)
        return chosen

    def at_each(self, people: Mapping[str, Photos] | None) -> list[tuple[str, list[_sameface.Seen]]]:
        return [(name, self.at(photos)) for name, photos in (people or {}).items()]


def _asked(**given: Any) -> dict[str, Any]:
    """What the Rust side reads of a change, with nothing where nothing is given."""
    lists = ("add", "faces", "remove", "keep", "drop", "keep_apart", "forget", "negatives")
    return {name: [] for name in lists} | given


def _numbered(face: Which | None) -> list[tuple[str, int]]:
    """The number of a face for each photo that is named."""
    for photo, number in (face or {}).items():
        if number < 1:
            raise ValueError(f"face: {os.fspath(photo)}: faces are counted from 1, not {number}")
    return [(os.fspath(photo), number) for photo, number in (face or {}).items()]


def _first(seen: list[_sameface.Seen]) -> str:
    return seen[0].name if seen else "photos"


def _folder_name(path: str) -> str:
    """The name of a folder, or of the folder that a photo is in, as the command gives it."""
    whole = Path(path).resolve()
    folder = whole if whole.is_dir() else whole.parent
    return folder.name if whole.exists() and folder.name else "the person"
