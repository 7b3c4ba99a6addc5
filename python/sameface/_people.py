"""Several enrolled people, a profile each, in one folder."""

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
    """One of the people in a folder, or what is wrong with their profile."""

    id: str
    """The name of the profile's file, by which the person goes among the people."""
    name: str | None
    """The name; `None` if the profile cannot be read."""
    photos: int
    """How many photos count."""
    threshold: float | None
    """The score from which on a face is a match, if nobody else is looked for."""
    usable: bool
    """Whether the profile can be read and is of the same pack of models."""
    error: str | None
    """Why it cannot be read."""


class People:
    """The people who are enrolled in a folder, a profile each.

    It is the folder of the command `verify people`: both see at once what the other changes. A person
    is named in any case, `people["anna"]`, or by the id that `list` shows; a name has one profile.
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
        """The people in `folder`, which need not exist; by default the user's own.

        `passphrase` opens the profiles that are encrypted, and encrypts every profile that is saved.
        The name in such a profile is not looked for: the person goes by the id. `pack` is the pack of
        models, as for `Profile.enroll`.

        Raises `ValueError` if the passphrase is empty or there is no such pack.
        """
        path = None if folder is None else os.fspath(folder)
        self._people = _sameface.People(path, passphrase, opened(pack))

    @property
    def folder(self) -> Path:
        """Where the profiles are."""
        return self._people.folder

    @property
    def pack(self) -> str:
        """The pack of models: its name, or the whole path of the folder that it was opened from."""
        return self._people.pack.called

    def list(self) -> builtins.list[ListedPerson]:
        """Everybody in the order of their ids, also those whose profile cannot be used."""
        return [ListedPerson(*line) for line in self._people.everybody()]

    def __iter__(self) -> Iterator[ListedPerson]:
        return iter(self.list())

    def __len__(self) -> int:
        """How many profiles there are."""
        return self._people.count()

    def __contains__(self, name: object) -> bool:
        """Whether somebody has this name or id."""
        try:
            return isinstance(name, str) and bool(self._people.find(name))
        except KeyError:
            return False

    def __getitem__(self, name: str) -> Profile:
        """The profile of the person with this name or id.

        Raises `NoPersonError`, which is a `VerifyError` and a `KeyError`, if nobody is called so;
        `VerifyError` if several are, or if the profile is damaged, of another pack, or encrypted with
        another passphrase.
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
        """Learn the person called `name`, as `Profile.enroll` does, and save the profile as `save` does.

        Raises what these two raise; that the profile cannot be saved is said before photos are looked
        at.
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
        """Save a profile instead of that of the person of its name, or as a new person's.

        It is then who was enrolled last. Returns the person's id. Raises `VerifyError` if the profile is
        of another pack, several people have the name, or the old profile is encrypted and cannot be
        opened; `OSError` if it cannot be written.
        """
        return self._people.save(profile._person)

    def rename(self, name: str, new: str) -> Profile:
        """Give a person another name; the id stays.

        Raises as `people[name]` does, and `ValueError` if `new` is empty or somebody else's name.
        """
        return Profile._of(self._people.rename(name, new))

    def remove(self, name: str) -> None:
        """Delete a person's profile, also one that cannot be used, and the pictures kept with it.

        What an index keeps of the photos stays: `verify index clear` deletes that. Raises
        `NoPersonError` if nobody is called so; `VerifyError` if the file is no profile; `OSError` if something
        cannot be removed.
        """
        self._people.remove(name)

    @property
    def last(self) -> str | None:
        """The name of the person who was enrolled last, whom commands mean if nobody is named; the id if
        the profile cannot be read, `None` if that is not known or nobody is enrolled."""
        id, name = self._people.last() or (None, None)
        return id if name is None else name

    def use(self, name: str) -> None:
        """Let commands mean this person, as if they had been enrolled last.

        Raises `NoPersonError` if nobody is called so.
        """
        self._people.note_last(name)

    def tell_apart(self, a: str, b: str) -> tuple[Profile, Profile]:
        """Keep two people who look alike apart, each by the photos that the other is enrolled with.

        Both profiles are saved, and returned. Raises as `people[a]` does, and `ValueError` if both are
        one person.
        """
        one, other = self._people.tell_apart(a, b)
        return Profile._of(one), Profile._of(other)

    def alike(self, name: str) -> builtins.list[Ranked]:
        """The others who look so much like a person that a photo of one passes for the other, the most
        alike first, with the highest score that such a photo has.

        Raises as `people[name]` does.
        """
        return [Ranked(*other) for other in self._people.alike(name)]

    def review(self, name: str) -> Review:
        """What `verify scan` found of a person: the faces to look through, the most doubtful first.

        Raises as `people[name]` does, and `VerifyError` if what is kept cannot be used.
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
        """Say of faces of a review, each by its `face`, whether they are the person's.

        A `yes` enrols the photo, a `no` keeps whoever it is apart, and neither is listed again; a face of
        `unsure` is listed last. The profile is learnt anew and saved. Returns what is left, sorted anew.
        Raises as `review` does, and `ValueError` if there is no such face.
        """
        return Review.from_json(
            self._people.answer(name, builtins.list(yes), builtins.list(no), builtins.list(unsure))
        )

    def undo_answer(self, name: str) -> tuple[builtins.list[str], Review]:
        """Take the last answers back, those that were given together: the faces that they were to, none if
        nothing was answered, and what is to be looked through again.

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
        """Say who is in photos: one of the people, or nobody, for each face.

        The photos are looked at on all threads and come in order. However many people there are, a
        stranger is given any name as rarely as `far` says, by default as each profile says: thresholds
        rise with the number of people. A person is at most one face of a photo. `prior` is how likely it
        was, before looking, that a face is that of one of the people; it moves probabilities only. With
        `strict` no verdict is `uncertain`. The people are those at the time of the call; whoever
        cannot be used is left out, with a warning.

        Raises `FileNotFoundError` if nobody is enrolled, and the first person's error if nobody can be
        used. What is wrong with a photo is in the result's
        `error`.
        """
        known = self._people.known(far)
        for problem in known.left_out:
            warnings.warn(f"{problem}; left out", RuntimeWarning, stacklevel=2)
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
        """Who else is in photos: their unknown faces gathered into people, the largest group first.

        Faces of these people are left out, unless `known` is true; a group that shows one of them has
        that person's name. Two groups become one if they are likelier one person than two, by how alike
        people are and by how many faces there are. Groups of fewer than `least` faces are left out, and
        so is a copy of a photo. Photos that cannot be read have no face. All embeddings are in memory at
        once.

        A group is enrolled by `people.enroll(group.photos, name="Anna", face=group.which)`, if the photos
        are files.

        Raises `ValueError` if `least` is less than 1.
        """
        if least < 1:
            raise ValueError("least: must be 1 or more")
        seen = builtins.list(analysed(listed(photos), self._people.pack, batch_size=batch_size))
        return groups_of(self._people.gather(seen, known, least, get_threads()))

    def __repr__(self) -> str:
        return f"<People in {os.fspath(self.folder)!r}: {len(self)}>"


def _identified(seen: _sameface.Seen) -> Identified:
    assert seen.report is not None
    return Identified.from_json(seen.report)
