"""Faces grouped into people, as in the output of `verify faces --json`."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupedFace:
    """A face of a group."""

    photo: str
    """The photo's path or name."""
    number: int
    """Which of the photo's faces it is, counted from the left from 1."""
    score: float
    """Its score by the other faces of the group: -log10 of the share of strangers at least as similar."""
    box: tuple[float, float, float, float]
    """Left, top, width and height in pixels of the upright photo."""


@dataclass(frozen=True, slots=True)
class Group:
    """The faces of one person."""

    group: int
    """Its number, from 1."""
    person: str | None
    """The id of the enrolled person that it shows; `None` if it shows nobody enrolled."""
    name: str | None
    """That person's name."""
    faces: tuple[GroupedFace, ...]
    """Its faces, the most typical first."""

    @property
    def photos(self) -> list[str]:
        """The photos of the faces, each once: the photos to enrol."""
        return list(self.which)

    @property
    def which(self) -> dict[str, int]:
        """Which face of each photo is the person's; of a photo that shows two, the more typical one."""
        which: dict[str, int] = {}
        for face in self.faces:
            which.setdefault(face.photo, face.number)
        return which


def groups_of(said: str) -> list[Group]:
    """The groups in the JSON of the Rust side."""
    return [
        Group(
            group=group["group"],
            person=group["person"],
            name=group["name"],
            faces=tuple(
                GroupedFace(face["photo"], face["number"], face["score"], tuple(face["box"]))
                for face in group["faces"]
            ),
        )
        for group in json.loads(said)["groups"]
    ]
