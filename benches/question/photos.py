"""The photos: which are learnt from and which are tried, their pixels, and their faces' embeddings.

Strangers are dealt into two halves by person. Whatever needs other people to learn from takes them
from the first half; only the second half is tried.
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

SEED = 2026
FOLDS = 5
# So many strangers' faces are learnt from, one of each person: as many as the asker had photos.
NEGATIVES = 200
# Photos are copies if so few of 64 bits of their difference hash differ, or their faces are so alike.
COPY_BITS = 8
COPY_COSINE = 0.95
ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}


def photos_in(folder):
    """The photos of a folder and of those below it, by name."""
    return sorted(str(path) for path in Path(folder).rglob("*") if path.suffix.lower() in ENDINGS)


@dataclass
class Learnt:
    """What an answer may learn from in one fold."""

    person: list
    scenes: list
    strangers: list


@dataclass
class Tried:
    """What the answers are tried on in one fold."""

    person: list
    scenes: list
    strangers: list

    def all(self):
        """All of them, the person's first."""
        return self.person + self.scenes + self.strangers


class Faces:
    """The embeddings of all photos' faces, by the program."""

    def __init__(self, program, folders):
        """Embed the photos of `folders`; the program's index remembers them."""
        out = program.work / "faces.jsonl"
        program.run("embed", *folders, "--out", out)
        self.of = {}
        for line in out.open():
            row = json.loads(line)
            self.of.setdefault(row["photo"], []).append(row["embedding"])

    def largest(self, photos):
        """The embedding of the largest face of each photo that has one."""
        return np.array([self.of[photo][0] for photo in photos if photo in self.of], np.float64)

    def best(self, photos, score):
        """The best score of any face in each photo; without a face, minus infinity."""
        counts = [len(self.of.get(photo, [])) for photo in photos]
        rows = np.array([face for photo in photos for face in self.of.get(photo, [])], np.float64)
        best, at = np.full(len(photos), -np.inf), 0
        scores = score(rows) if len(rows) else []
        for photo, count in enumerate(counts):
            if count:
                best[photo] = np.max(scores[at : at + count])
            at += count
        return best


def difference_hash(path):
    """64 bits: whether each of 8 by 8 cells is darker than the one to its right."""
    with Image.open(path) as photo:
        small = ImageOps.exif_transpose(photo).convert("L").resize((9, 8), Image.Resampling.BOX)
    cells = np.asarray(small, np.int16)
    return (cells[:, :-1] < cells[:, 1:]).ravel()


def copies(photos, faces):
    """A number for each photo; copies of one picture have the same."""
    bits = np.array([difference_hash(photo) for photo in photos])
    alike = (bits[:, None] != bits[None]).sum(axis=2) <= COPY_BITS
    seen = [at for at, photo in enumerate(photos) if photo in faces.of]
    rows = faces.largest(photos)
    if len(rows):
        alike[np.ix_(seen, seen)] |= rows @ rows.T >= COPY_COSINE
    group = np.arange(len(photos))
    for one, other in zip(*np.nonzero(alike), strict=True):
        group[group == group[other]] = group[one]
    return group


def dealt(photos, faces, random):
    """`photos` in FOLDS parts of about the same size, copies of one picture in one part."""
    group = copies(photos, faces)
    parts = [[] for _ in range(FOLDS)]
    for name in random.permutation(np.unique(group)):
        smallest = min(parts, key=len)
        smallest.extend(photos[at] for at in np.nonzero(group == name)[0])
    return parts, len(np.unique(group))


def halves(people, random):
    """The folders of people to learn from, and of those to try."""
    folders = sorted(path for path in Path(people).iterdir() if path.is_dir())
    order = random.permutation(len(folders))
    middle = len(folders) // 2
    return [folders[at] for at in sorted(order[:middle])], [folders[at] for at in sorted(order[middle:])]


def folds(person, scenes, strangers, negatives):
    """For each fold, what is learnt from and what is tried; all but `negatives` are in parts, each tried once."""
    for left_out in range(FOLDS):
        rest = [at for at in range(FOLDS) if at != left_out]
        learnt = Learnt(
            [photo for at in rest for photo in person[at]],
            [photo for at in rest for photo in scenes[at]],
            negatives,
        )
        yield learnt, Tried(person[left_out], scenes[left_out], strangers[left_out])


def pixels(photos, size):
    """Photos as a network takes them: `size` by `size` pixels, stretched, three channels from 0 to 1."""
    out = np.empty((len(photos), size, size, 3), np.float32)
    for at, path in enumerate(photos):
        with Image.open(path) as photo:
            small = ImageOps.exif_transpose(photo).convert("RGB").resize((size, size), Image.Resampling.BILINEAR)
        out[at] = np.asarray(small, np.float32) / 255
    return out


class Program:
    """The program `verify`, with an index and profiles of its own."""

    def __init__(self, path, work):
        """Run `path`, and keep files in `work`."""
        self.path, self.work = path, Path(work)
        self.work.mkdir(parents=True, exist_ok=True)

    def run(self, *arguments, said=(0,)):
        """Run a command with --json, and return what it says, parsed line by line."""
        command = [self.path, *arguments, "--json", "--index", self.work / "index", "--no-config", "--quiet"]
        done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=False)
        if done.returncode not in said:
            raise SystemExit(f"verify {arguments[0]} ended with {done.returncode}")
        return [json.loads(line) for line in done.stdout.splitlines()]
