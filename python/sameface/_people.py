"""Several enrolled people in one folder, each with a profile."""

import builtins
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import _sameface
from ._groups import Group, groups_of
from ._packs import AnyPack, opened
from ._photos import BATCH_SIZE, Photos, analysed, listed
from ._profile import Method, Profile, Which
from ._report import Identified, Ranked
from ._review import Review
from ._runtime import get_threads


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One of the people in a folder, or the error in their profile."""

    id: str
    """The name of the profile's file, which identifies the person in this folder."""
    name: str | None
    """The name; `None` if the profile cannot be read."""
    photos: int
    """How many photos the profile keeps."""
    threshold: float | None
    """The lowest score of a match when only this person is checked."""
    usable: bool
    """Whether the profile can be read and is of the same pack of models."""
    error: str | None
    """Why it cannot be read."""


class People:
    """The people enrolled in a folder, each with a profile.

    It is the folder of the command `verify people`: each sees the other's changes at once. A person is
    found by name in any case, `people["anna"]`, or by the id that `list` shows; a name has one profile.
    """

    __slots__ = ("_people",)

    _people: _sameface.People

    def __init__(
        self,
        folder: "str | os.PathLike[str] | None" = None,
        *,
        passphrase: str | None = None,
        pack: AnyPack | None = None,
    ) -> None:
        """Open the people in `folder`, which need not exist; by default the user's own folder.

        `passphrase` opens encrypted profiles and encrypts every profile that is saved. A person with an
        encrypted profile is found by id only, not by name. `pack` is the pack of models, as for
        `Profile.enroll`.

        Raises `ValueError` if the passphrase is empty or the pack does not exist.
        """
        path = None if folder is None else os.fspath(folder)
        self._people = _sameface.People(path, passphrase, opened(pack))

    @property
    def folder(self) -> Path:
        """The folder of the profiles."""
        return self._people.folder

    @property
    def pack(self) -> str:
        """The pack of models: its name, or the full path of the folder that it was opened from."""
        return self._people.pack.called

    def list(self) -> builtins.list[ListedPerson]:
        """Everybody, ordered by id, also people whose profile cannot be used."""
        return [ListedPerson(*line) for line in self._people.everybody()]

    def __iter__(self) -> Iterator[ListedPerson]:
        return iter(self.list())

    def __len__(self) -> int:
        """The number of profiles."""
        return self._people.count()

    def __contains__(self, name: object) -> bool:
        """Whether somebody has this name or id."""
        try:
            return isinstance(name, str) and bool(self._people.find(name))
        except KeyError:
            return False

    def __getitem__(self, name: str) -> Profile:
        """The profile of the person with this name or id.

        Raises `NoPersonError`, which is a `VerifyError` and a `KeyError`, if nobody has it;
        `VerifyError` if several people have it, or if the profile is damaged, of another pack, or
        encrypted with another passphrase.
        """
        return Profile._of(self._people.person(name))

    def enroll(
        self,
        photos: Photos,
        *,
        name: str,
        far: float = 1e-4,
        method: Method = "centroid",
        not_this_person: Mapping[str, Photos] | None = None,
        negatives: Photos = (),
        face: Which | None = None,
        born: int | None = None,
        from_xmp: str | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> Profile:
        """Enrol the person called `name`, as `Profile.enroll` does, and save the profile as `save` does.

        Raises what these two raise. If the profile cannot be saved, this raises before it analyses
        photos.
        """
        self._people.check_place(name)
        profile = Profile.enroll(
            photos,
            name=name,
            far=far,
            method=method,
            not_this_person=not_this_person,
            negatives=negatives,
            face=face,
            born=born,
            from_xmp=from_xmp,
            pack=self.pack,
            batch_size=batch_size,
        )
        self.save(profile)
        return profile

    def save(self, profile: Profile) -> str:
        """Save a profile, replacing the profile of the person with its name if there is one.

        The person becomes the one enrolled last. Returns the person's id. Raises `VerifyError` if the
        profile is of another pack, several people have the name, or the old profile is encrypted and
        cannot be opened; `OSError` if it cannot be written.
        """
        return self._people.save(profile._person)

    def rename(self, name: str, new: str) -> Profile:
        """Give a person another name; the id stays.

        Raises as `people[name]` does, and `ValueError` if `new` is empty or another person's name.
        """
        return Profile._of(self._people.rename(name, new))

    def remove(self, name: str) -> None:
        """Delete a person's profile, even if it cannot be used, and the pictures kept with it.

        Data about the photos in the index stays: `verify index clear` deletes it. Raises
        `NoPersonError` if nobody has this name; `VerifyError` if the file is not a profile; `OSError` if
        something cannot be removed.
        """
        self._people.remove(name)

    @property
    def last(self) -> str | None:
        """The name of the person enrolled last, whom commands use if none is named; the id if the profile
        cannot be read; `None` if unknown or nobody is enrolled."""
        id, name = self._people.last() or (None, None)
        return id if name is None else name

    def use(self, name: str) -> None:
        """Make this person the one that commands use, as if enrolled last.

        Raises `NoPersonError` if nobody has this name.
        """
        self._people.note_last(name)

    def tell_apart(self, a: str, b: str) -> tuple[Profile, Profile]:
        """Keep two people who look alike apart, each with the other's enrolled photos as a look-alike.

        Saves and returns both profiles. Raises as `people[a]` does, and `ValueError` if `a` and `b` are
        the same person.
        """
        one, other = self._people.tell_apart(a, b)
        return Profile._of(one), Profile._of(other)

    def alike(self, name: str) -> builtins.list[Ranked]:
        """The others who look so much like a person that a photo of one matches the other, the most
        alike first, each with the highest score of such a photo.

        Raises as `people[name]` does.
        """
        return [Ranked(*other) for other in self._people.alike(name)]

    def review(self, name: str) -> Review:
        """The faces that `verify scan` found for a person and that need a review, the most doubtful first.

        Raises as `people[name]` does, and `VerifyError` if the kept findings cannot be used.
        """
        return Review.from_json(self._people.review(name))

    def answer(
        self,
        name: str,
        *,
        yes: Iterable[str] = (),
        no: Iterable[str] = (),
        unsure: Iterable[str] = (),
    ) -> Review:
        """Answer faces of a review, each given by its `face`: whether they are the person's.

        `yes` enrols the photo, and `no` keeps the face's person apart; neither is listed again. A face of
        `unsure` is listed last. The profile is updated and saved. Returns the remaining faces, sorted
        again. Raises as `review` does, and `ValueError` if a face does not exist.
        """
        return Review.from_json(
            self._people.answer(name, builtins.list(yes), builtins.list(no), builtins.list(unsure))
        )

    def undo_answer(self, name: str) -> tuple[builtins.list[str], Review]:
        """Undo the last step of answers: returns the faces it answered, empty if there was none, and the
        review after it.

        Raises as `review` does.
        """
        undone, review = self._people.undo_answer(name)
        return undone, Review.from_json(review)

    def identify(
        self,
        photos: Photos,
        *,
        far: float | None = None,
        prior: float = 0.5,
        strict: bool = False,
        batch_size: int = BATCH_SIZE,
    ) -> Iterator[Identified]:
        """Identify each face in photos: one of the people, or nobody.

        The photos are analysed on all threads and come in order. A stranger is taken for one of the
        people with the rate `far`, by default each profile's own, however many people there are:
        thresholds rise with their number. At most one face in a photo is one person's. `prior` is the prior
        probability that a face belongs to one of the people; it changes probabilities only. With
        `strict` no verdict is `uncertain`. The people are those enrolled at the time of the call; people
        whose profile cannot be used are skipped, with a warning.

        Raises `FileNotFoundError` if nobody is enrolled, and the first person's error if no profile can
        be used. An error with a photo is in its result's `error`.
        """
        known = self._people.known(far)
        for problem in known.left_out:
            warnings.warn(f"{problem}; skipped", RuntimeWarning, stacklevel=2)
        seen = analysed(
            listed(photos),
            self._people.pack,
            known,
            prior=prior,
            strict=strict,
            batch_size=batch_size,
        )
        return map(_identified, seen)

    def gather(
        self,
        photos: Photos,
        *,
        known: bool = False,
        least: int = 2,
        batch_size: int = BATCH_SIZE,
    ) -> builtins.list[Group]:
        """Group the unknown faces in photos into people, the largest group first.

        Faces of the enrolled people are left out, unless `known` is true; a group that shows one of them
        then has that person's name. Two groups are merged if they are more probably one person than two.
        Groups of fewer than `least` faces and copies of photos are left out. Photos that cannot be read
        have no face. All embeddings are in memory at once.

        `people.enroll(group.photos, name="Anna", face=group.which)` enrols a group, if its photos are
        files.

        Raises `ValueError` if `least` is less than 1.
        """
        if least < 1:
            raise ValueError("least must be at least 1")
        seen = builtins.list(analysed(listed(photos), self._people.pack, batch_size=batch_size))
        return groups_of(self._people.gather(seen, known, least, get_threads()))

    def __repr__(self) -> str:
        return f"<People in {os.fspath(self.folder)!r}: {len(self)}>"


def _identified(seen: _sameface.Seen) -> Identified:
    assert seen.report is not None
    return Identified.from_json(seen.report)
