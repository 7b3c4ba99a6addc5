"""What a scan found of a person: the fields of `verify review --json`."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from ._report import Nearest


@dataclass(frozen=True, slots=True)
class Finding:
    """A face that is, or may be, the person's."""

    face: str
    """What the face is called in an answer."""
    photo: str
    """The photo's file."""
    number: int
    """Which of the photo's faces it is, counted from the left from 1."""
    faces: int
    """How many faces the photo has."""
    score: float
    """-log10 of the share of strangers who look at least as alike, by what is learnt now."""
    probability: float
    """The probability that it is the person."""
    verdict: Literal["match", "uncertain"]
    """Whether it is, by the threshold."""
    concerns: tuple[str, ...]
    """What makes it hard to judge."""
    nearest: tuple[Nearest, ...]
    """The enrolled photos closest to it."""
    unsure: bool
    """Whether it was answered with `unsure`."""


@dataclass(frozen=True, slots=True)
class Review:
    """What is to be looked through, and what was."""

    name: str
    """The person's name."""
    threshold: float
    """The score from which on a face is a match."""
    open: int
    """Faces that have no answer yet."""
    yes: int
    """Faces that were answered with `yes`."""
    no: int
    """Faces that were answered with `no`."""
    unsure: int
    """Faces that were answered with `unsure`."""
    steps: int
    """Answers that can be undone, each with those that were given together."""
    settled: bool
    """Whether no answer to the most doubtful faces would change the verdict on another."""
    faces: tuple[Finding, ...]
    """The faces, the most doubtful first and those of `unsure` last."""

    @classmethod
    def from_json(cls, text: str) -> "Review":
        """From what `verify review --list --json` prints, or a part of it."""
        fields = json.loads(text)
        fields["faces"] = tuple(_finding(face) for face in fields["faces"])
        return cls(**fields)


def _finding(fields: dict[str, Any]) -> Finding:
    nearest = tuple(Nearest(**near) for near in fields["nearest"])
    return Finding(**fields | {"nearest": nearest, "concerns": tuple(fields["concerns"])})
