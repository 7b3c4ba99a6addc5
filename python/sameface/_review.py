"""The faces to review after a scan: the fields of `verify review --json`."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from ._report import Nearest


@dataclass(frozen=True, slots=True)
class Finding:
    """A face that is or may be the person's."""

    face: str
    """The face's id, for answers."""
    photo: str
    """The photo's file."""
    number: int
    """Which of the photo's faces it is, counted from the left from 1."""
    faces: int
    """How many faces the photo has."""
    score: float
    """-log10 of the share of strangers who look at least as similar, by the present profile."""
    probability: float
    """The probability that it is the person."""
    verdict: Literal["match", "uncertain"]
    """The verdict on the face, by the threshold."""
    concerns: tuple[str, ...]
    """What makes it hard to judge."""
    nearest: tuple[Nearest, ...]
    """The enrolled photos closest to it."""
    unsure: bool
    """Whether it was answered with `unsure`."""


@dataclass(frozen=True, slots=True)
class Review:
    """The faces to review, and the numbers of answers so far."""

    name: str
    """The person's name."""
    threshold: float
    """The lowest score of a match."""
    open: int
    """Faces without an answer."""
    yes: int
    """Faces that were answered with `yes`."""
    no: int
    """Faces that were answered with `no`."""
    unsure: int
    """Faces that were answered with `unsure`."""
    steps: int
    """Steps that can be undone, each one or more answers given together."""
    settled: bool
    """Whether no answer to the most doubtful faces would change the verdict on another."""
    faces: tuple[Finding, ...]
    """The faces, the most doubtful first and those of `unsure` last."""

    @classmethod
    def from_json(cls, text: str) -> "Review":
        """Read the output of `verify review --list --json`, or part of it."""
        fields = json.loads(text)
        fields["faces"] = tuple(_finding(face) for face in fields["faces"])
        return cls(**fields)


def _finding(fields: dict[str, Any]) -> Finding:
    nearest = tuple(Nearest(**near) for near in fields["nearest"])
    return Finding(**fields | {"nearest": nearest, "concerns": tuple(fields["concerns"])})
