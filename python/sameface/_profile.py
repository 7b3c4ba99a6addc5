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
"""For a photo's path or name, the number of the person's face, counted from the left from 1."""


@dataclass(frozen=True, slots=True)
class EnrolledPhoto:
    """A photo that was given to be enrolled, and whether it counts."""

    path: str
    """Its path or name."""
    status: Literal["kept", "duplicate", "set-aside"]
    """Whether it counts: only kept photos do."""
    reason: str | None
    """Why it does not count; `None` if it does."""
    score: float | None
    """The score of its face by the other kept photos."""
    faces: int
    """How many faces it has."""
    face: int | None
    """Which of several faces is the person's, counted from the left from 1; `None` if it is the only
    one."""
    taken: str | None
    """The day it was taken, such as 2015-03-12, if its file or its name says so."""


class Profile:
    """An enrolled person, made from photos of that person.

    `Profile.enroll` or `Profile.load` make one. It never changes, and can be pickled as the bytes of its
    file with the name or the folder of its pack of models. The command's profiles are the same files.
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
        """Enrol the person that most of `photos` show.

        `photos` is a folder, or any number of photos. Copies count once, and photos of somebody
        else are set aside: see `photos` of the profile. `far` is the false accept rate, the share of
        strangers that may be accepted. The name is the folder's unless `name` is given.
        `not_this_person` has photos of people who must not be taken for the person, by their names;
        `negatives` are photos of other people, for the method "supervised". `face` gives the person's
        face in photos with several faces, counted from the left from 1: `{"party.jpg": 2}`, the photo
        by its path or name. `born` is the person's year of birth: a child's photos are useful for fewer
        years. With `from_xmp` only photos whose XMP, in the photo or its sidecar, gives a face this name
        are used, and only that face; it is then also the person's name, unless `name` is given. A photo in
        which no face is detected at that place is set aside, with a warning.
        `pack` is the pack of models, by its name or its folder: by default $VERIFY_PACK, otherwise the
        built-in one.

        Raises `VerifyError` if most photos show nobody, two people or no single person, or if the pack
        cannot be used; `ValueError` if the pack, the face or the name in XMP does not exist.
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
        """A changed profile of the same person, made without reading the old photos.

        `add` adds photos, `remove` removes photos by their path or name; `keep` counts photos that were
        set aside, and `drop` sets photos aside. People in `not_this_person` are kept apart, and people
        named in `forget` no longer. To choose another face of a photo with `face`, give the photo in
        `add`, even if it was enrolled before. The rest is as for `enroll`; everything not given stays.

        Raises `VerifyError` as `enroll` does, and if a named photo is not enrolled or no photo remains.
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
        """Read a profile from its file; an encrypted one needs its `passphrase`.

        `pack` is the pack of models that it was enrolled with, as for `enroll`.

        Raises `FileNotFoundError` if the file does not exist, `VerifyError` if it is damaged, made with
        another pack, or encrypted with another passphrase.
        """
        return cls._of(_sameface.Person.load(os.fspath(path), passphrase, opened(pack)))

    @classmethod
    def from_json(cls, json: bytes, *, pack: AnyPack | None = None) -> "Profile":
        """Make a profile from the content of its file; `pack` as for `load`."""
        return cls._of(_sameface.Person.from_json(json, opened(pack)))

    def to_json(self) -> bytes:
        """The content of the profile's file."""
        return self._person.to_json()

    def save(self, path: "str | os.PathLike[str]", *, passphrase: str | None = None) -> None:
        """Write the profile to a file that only its owner can read, all of it or nothing.

        A `passphrase` encrypts it, in the format age (age-encryption.org).
        """
        self._person.save(os.fspath(path), passphrase)

    def check(self, photo: Photo, *, prior: float = 0.5, strict: bool = False) -> Check:
        """Check whether the person is in a photo.

        An error with the photo is in the result's `error`, with the verdict `error`. `prior` is the
        prior probability that a face is the person's; it changes the probability only. With `strict`
        the verdict is never `uncertain`.
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
        """Like `check`, for any number of photos on all threads; the results come in order."""
        return self._check(listed(photos), prior=prior, strict=strict, batch_size=batch_size)

    def _check(self, photos: Iterable[tuple[str, Any]], **settings: Any) -> Iterator[Check]:
        for seen in analysed(photos, self._person.pack, self._person, **settings):
            assert seen.report is not None
            yield Check.from_json(seen.report)

    def with_strangers(self, strangers: Photos | NDArray[np.float32] | None) -> "Profile":
        """The same person with a threshold set by local strangers; `None` sets it by the population.

        `strangers` are photos, or embeddings of shape (n, dimensions), of the people who will be
        checked, without names; the person may be among them. The rate `far` then holds among
        them, and the threshold is never lower than without them. The profile keeps only a few numbers.

        Raises `ValueError` if there are fewer than 20 strangers' faces.
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
            raise ValueError(f"strangers must have the shape {shape}, not {rows.shape}")
        return self._of(self._person.with_strangers(rows))

    def score(self, embeddings: ArrayLike) -> NDArray[np.float64]:
        """The scores, of shape (n,), of embeddings of shape (n, dimensions), each of length 1.

        The embeddings must be of the profile's pack, as `embed(photos, pack=profile.pack)` gives them.
        A score is -log10 of the share of strangers who look at least as similar; a score of at least
        `threshold` is a match. All threads are used, and other Python threads can run meanwhile.
        """
        rows = np.ascontiguousarray(embeddings, dtype=np.float32)
        if rows.ndim != 2:
            shape = f"(n, {self.dimensions})"
            raise ValueError(f"embeddings must have the shape {shape}, not {rows.shape}")
        return self._person.score(rows, get_threads())

    def verdicts(self, scores: ArrayLike) -> list[str]:
        """The verdict for each score: "match", "uncertain" or "no-match"."""
        return self._person.verdicts(np.ascontiguousarray(scores, dtype=np.float64))

    @property
    def name(self) -> str:
        """The person's name."""
        return self._person.name

    @property
    def method(self) -> str:
        """The method that scores faces."""
        return self._person.method

    @property
    def pack(self) -> str:
        """The pack of models: its name, or the full path of the folder that it was opened from."""
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
        """The lowest score of a match."""
        return self._person.threshold

    @property
    def far(self) -> float:
        """The false accept rate of the threshold: among the local strangers that it was set by, or among
        people like those of the pack's population."""
        return self._person.far

    @property
    def born(self) -> int | None:
        """The person's year of birth, if given."""
        return self._person.born

    @property
    def strangers(self) -> int | None:
        """How many faces of local strangers set the threshold; `None` if the population did."""
        return self._person.strangers

    @property
    def look_alikes(self) -> list[str]:
        """The names of the people who must not be taken for the person."""
        return self._person.look_alikes

    @property
    def photos(self) -> list[EnrolledPhoto]:
        """Every photo that was given to be enrolled, in order."""
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
    """Analyses photos to enrol from."""

    pack: _sameface.Pack
    batch_size: int

    def at(self, photos: Photos) -> list[_sameface.Seen]:
        size = self.batch_size
        return list(analysed(listed(photos), self.pack, enrolling=True, batch_size=size))

    def at_person(self, photos: Photos, name: str) -> list[_sameface.Seen]:
        """The photos whose XMP has a face of this name, each with that face alone."""
        pairs = list(listed(photos))
        if not all(isinstance(content, str) for _, content in pairs):
            raise ValueError("from_xmp needs photos that are files; give their paths")
        paths = [path for path, _ in pairs if _sameface.is_named(path, name)]
        if not paths:
            raise ValueError(f"from_xmp: no photo's XMP names a face {name!r}")
        chosen = []
        for photo in self.at(paths):
            of_person, found = photo.of_person(name) if photo.error is None else (photo, True)
            if not found:
                problem = f"{photo.name}: no face found where its XMP names {name}"
                warnings.warn(problem, RuntimeWarning, stacklevel=4)
            chosen.append(of_person)
        return chosen

    def at_each(self, people: Mapping[str, Photos] | None) -> list[tuple[str, list[_sameface.Seen]]]:
        return [(name, self.at(photos)) for name, photos in (people or {}).items()]


def _asked(**given: Any) -> dict[str, Any]:
    """The arguments of a change for the Rust side, with empty lists for those not given."""
    lists = ("add", "faces", "remove", "keep", "drop", "keep_apart", "forget", "negatives")
    return {name: [] for name in lists} | given


def _numbered(face: Which | None) -> list[tuple[str, int]]:
    """The photos and their face numbers, checked."""
    for photo, number in (face or {}).items():
        if number < 1:
            raise ValueError(f"face: {os.fspath(photo)}: faces are counted from 1, not {number}")
    return [(os.fspath(photo), number) for photo, number in (face or {}).items()]


def _first(seen: list[_sameface.Seen]) -> str:
    return seen[0].name if seen else "photos"


def _folder_name(path: str) -> str:
    """The name of a folder, or of the folder that a photo is in, as the command chooses it."""
    whole = Path(path).resolve()
    folder = whole if whole.is_dir() else whole.parent
    return folder.name if whole.exists() and folder.name else "the person"
