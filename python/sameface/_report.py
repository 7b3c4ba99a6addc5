"""Results for a photo: the fields of a line of `verify check --json` and `verify identify --json`."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

Verdict = Literal["match", "uncertain", "no-match", "no-face", "error"]


@dataclass(frozen=True, slots=True)
class CheckedFace:
    """One face of a checked photo."""

    box: tuple[float, float, float, float]
    """Left, top, width and height in pixels of the upright photo."""
    confidence: float
    """How sure the detector is that it is a face, 0 to 1."""
    landmarks: tuple[tuple[float, float], ...]
    """Left eye, right eye, nose, left and right corner of the mouth, as seen in the photo."""
    score: float
    """-log10 of the share of strangers who look at least as similar."""
    probability: float
    """The probability that it is the person."""
    verdict: Literal["match", "uncertain", "no-match"]
    """The verdict on the face, by the threshold."""
    concerns: tuple[str, ...]
    """What makes it hard to judge."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """An enrolled photo close to the best face."""

    photo: str
    """Its file."""
    cosine: float
    """The cosine similarity of the two embeddings, -1 to 1."""


@dataclass(frozen=True, slots=True)
class Apart:
    """How far in time a photo is from the enrolled photos."""

    years: int
    """Years to the nearest enrolled photo."""
    nearest: int
    """The year of that photo."""
    child: bool
    """Whether the person was a child in one of the two, by the year of birth."""


@dataclass(frozen=True, slots=True)
class Check:
    """The result of checking one photo."""

    photo: str
    """The photo's path or name."""
    verdict: Verdict
    """The verdict on the best face; `error` if the photo cannot be read."""
    score: float | None
    """The best face's score: 4 means that one stranger in 10,000 is at least as similar."""
    threshold: float
    """The lowest score of a match."""
    probability: float | None
    """The best face's probability; 0 without a face, `None` after an error."""
    faces: tuple[CheckedFace, ...]
    """Every face, the best first."""
    nearest: tuple[Nearest, ...]
    """The enrolled photos closest to the best face."""
    truncated: bool
    """Whether the photo's file is cut off, so that part of the picture is missing."""
    missing: int | None
    """How much of a cut-off picture is missing, in percent."""
    by_hand: bool
    """Whether it is a match because a user confirmed at enrolment that the person is in this very photo."""
    taken: str | None
    """The day the photo was taken, such as 2015-03-12, if its file or its name says so."""
    far_in_time: Apart | None
    """How far in time it is from the enrolled photos, if so far that a face changes."""
    error: str | None
    """Why the photo could not be checked."""

    @classmethod
    def from_json(cls, line: str) -> "Check":
        """Read a line of `verify check --json`."""
        fields = _fields(line)
        fields["faces"] = tuple(CheckedFace(**_tupled(face)) for face in fields["faces"])
        fields["nearest"] = tuple(Nearest(**nearest) for nearest in fields["nearest"])
        fields["far_in_time"] = fields["far_in_time"] and Apart(**fields["far_in_time"])
        return cls(**fields)

    def to_json(self) -> str:
        """The same fields as a line of `verify check --json`."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Ranked:
    """One of the people, with the score of a face for that person."""

    person: str
    """The person's id."""
    name: str
    """The person's name."""
    score: float
    """-log10 of the share of strangers who look at least as similar."""


@dataclass(frozen=True, slots=True)
class NamedFace:
    """One face of a photo, and whose it is."""

    box: tuple[float, float, float, float]
    """Left, top, width and height in pixels of the upright photo."""
    confidence: float
    """How sure the detector is that it is a face, 0 to 1."""
    landmarks: tuple[tuple[float, float], ...]
    """Left eye, right eye, nose, left and right corner of the mouth, as seen in the photo."""
    name: str
    """The person's name; `unknown` if it is none of the people."""
    person: str | None
    """The person's id; `None` if unknown."""
    score: float
    """Its score for that person, or for the most similar person if unknown."""
    probability: float
    """The probability that it is that person."""
    verdict: Literal["match", "uncertain", "no-match"]
    """The verdict on the face, by the threshold."""
    threshold: float
    """The lowest score of a match with that person."""
    ranking: tuple[Ranked, ...]
    """The most similar people, at most three, the highest score first."""
    concerns: tuple[str, ...]
    """What makes it hard to judge."""


@dataclass(frozen=True, slots=True)
class Identified:
    """Who is in one photo."""

    photo: str
    """The photo's path or name."""
    faces: tuple[NamedFace, ...]
    """Every face, the largest first."""
    truncated: bool
    """Whether the photo's file is cut off, so that part of the picture is missing."""
    missing: int | None
    """How much of a cut-off picture is missing, in percent."""
    error: str | None
    """Why the photo could not be analysed."""

    @classmethod
    def from_json(cls, line: str) -> "Identified":
        """Read a line of `verify identify --json`."""
        fields = _fields(line)
        for face in fields["faces"]:
            face["ranking"] = tuple(Ranked(**other) for other in face["ranking"])
        faces = tuple(NamedFace(**_tupled(face)) for face in fields["faces"])
        return cls(**fields | {"faces": faces})

    def to_json(self) -> str:
        """The same fields as a line of `verify identify --json`."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def _fields(line: str) -> dict[str, Any]:
    """The fields of a line without those of `--xmp` and `--dry-run`, which are about other files."""
    fields: dict[str, Any] = json.loads(line)
    return {name: value for name, value in fields.items() if name not in ("xmp", "dry_run")}


def _tupled(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a face, with tuples for lists."""

    def tupled(value: object) -> object:
        return tuple(map(tupled, value)) if isinstance(value, list) else value

    return {name: tupled(value) for name, value in fields.items()}
