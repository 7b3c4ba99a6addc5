"""How well unknown faces are gathered into people: `verify faces` beside HDBSCAN and Chinese Whispers on the
same embeddings. `make clusters` runs it.

    python3 clusters.py VERIFY FOLDER...

A folder has a folder of photos for each person. At the end all folders are one library. The people are dealt into two halves: settings are
chosen on one, and the table is of the other. A photo's face is the one nearest to its middle; all other faces
are left out of the count, though `verify faces` sees them. HDBSCAN needs scikit-learn; it is left out without.
"""

import collections
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

LEAST_COSINES = [0.35, 0.4, 0.45, 0.5, 0.55]
HDBSCAN_SETTINGS = [(size, samples) for size in (2, 3, 5) for samples in (1, 2)]


def embeddings(verify, folders, temporary):
    """The face of each photo: its embedding and its photo."""
    out = Path(temporary) / "faces.jsonl"
    subprocess.run([verify, "embed", *folders, "--out", out, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    nearest = {}
    for line in out.open():
        row = json.loads(line)
        photo = str(Path(row["photo"]).absolute())
        if photo not in nearest or from_middle(row) < from_middle(nearest[photo]):
            nearest[photo] = row
    photos = sorted(nearest)
    return photos, np.array([nearest[photo]["embedding"] for photo in photos], np.float32), nearest


def from_middle(row):
    """How far a face is from the middle of a photo of LFW's size; of photos of other sizes the largest counts."""
    x, y, width, height = row["box"]
    lfw = "lfw" in row["photo"]
    return (x + width / 2 - 125) ** 2 + (y + height / 2 - 125) ** 2 if lfw else row["face"]


def gathered(verify, folders, photos, nearest):
    """The group of each photo's face by `verify faces`."""
    run = [verify, "faces", *folders, "--json", "--least", "1", "--known", "--quiet"]
    said = json.loads(subprocess.run(run, stdout=subprocess.PIPE, check=False).stdout)
    groups = {}
    for group in said["groups"]:
        for face in group["faces"]:
            row = nearest.get(face["photo"])
            if row and np.allclose(row["box"], face["box"], atol=0.01):
                groups[face["photo"]] = group["group"]
    # A copy of a photo goes with the photo.
    by_content = {nearest[photo]["sha256"]: group for photo, group in groups.items()}
    return np.array([by_content[nearest[photo]["sha256"]] for photo in photos])


def chinese_whispers(rows, least, rounds=20):
    """Biemann, TextGraphs 2006: each face takes the label that weighs most among those alike."""
    labels, random = np.arange(len(rows)), np.random.default_rng(0)
    near, weights = [], []
    for start in range(0, len(rows), 512):
        products = rows[start : start + 512] @ rows.T
        products[np.arange(len(products)), np.arange(start, start + len(products))] = 0
        for product in products:
            alike = np.nonzero(product > least)[0]
            near.append(alike)
            weights.append(product[alike])
    for _ in range(rounds):
        changed = False
        for at in random.permutation(len(rows)):
            if len(near[at]):
                names, places = np.unique(labels[near[at]], return_inverse=True)
                best = names[np.argmax(np.bincount(places, weights[at]))]
                changed |= best != labels[at]
                labels[at] = best
        if not changed:
            break
    return labels


def hdbscan(rows, size, samples):
    from sklearn.cluster import HDBSCAN

    labels = HDBSCAN(min_cluster_size=size, min_samples=samples, copy=True).fit_predict(rows)
    alone = labels < 0
    labels[alone] = labels.max(initial=0) + 1 + np.arange(alone.sum())
    return labels


def scores(labels, people):
    """Pairwise precision and recall, and those of B-cubed (Amigó et al., 2009)."""
    both = collections.Counter(zip(labels.tolist(), people, strict=True))
    groups, persons = collections.Counter(labels.tolist()), collections.Counter(people)
    pairs = lambda counts: sum(count * (count - 1) / 2 for count in counts.values())
    right = pairs(both)
    precise = sum(count**2 / groups[group] for (group, _), count in both.items()) / len(people)
    recalled = sum(count**2 / persons[person] for (_, person), count in both.items()) / len(people)
    return right / max(pairs(groups), 1), right / max(pairs(persons), 1), precise, recalled


def harmonic(a, b):
    return 2 * a * b / max(a + b, 1e-12)


def half(people, which):
    """Whether each belongs to a half of the people."""
    dealt = sorted(set(people), key=lambda person: hashlib.sha256(person.encode()).digest())
    return np.isin(people, dealt[which::2])


def tuned(method, settings, rows, people):
    """The labels of the second half, among all, by the setting that has the best B-cubed F on the first."""
    chosen_on, told_of = half(people, 0), half(people, 1)

    def quality(setting):
        return harmonic(*scores(method(rows[chosen_on], *setting), people[chosen_on])[2:])

    best = max(settings, key=quality)
    return best, method(rows, *best)[told_of]


def main(verify, folders):
    print("| folder | people / faces | method | pairs: precision | recall | F | B-cubed: precision | recall | F |")
    print("|---|---|---|---|---|---|---|---|---|")
    libraries = [[folder] for folder in folders] + ([folders] if len(folders) > 1 else [])
    for library in libraries:
        with tempfile.TemporaryDirectory() as temporary:
            photos, rows, nearest = embeddings(verify, library, temporary)
        # Two folders may have a person of the same name.
        people = np.array(["/".join(Path(photo).parts[-3:-1]) for photo in photos])
        told_of = half(people, 1)
        own = gathered(verify, library, photos, nearest)[told_of]
        lines = [("verify faces", own)]
        setting, labels = tuned(chinese_whispers, [(least,) for least in LEAST_COSINES], rows, people)
        lines.append((f"Chinese Whispers, cosine {setting[0]}", labels))
        try:
            setting, labels = tuned(hdbscan, HDBSCAN_SETTINGS, rows, people)
            lines.append((f"HDBSCAN, {setting[0]} faces, {setting[1]} samples", labels))
        except ImportError:
            print("without HDBSCAN: there is no scikit-learn", file=sys.stderr)
        for name, labels in lines:
            values = scores(labels, people[told_of])
            pairs, cubed = harmonic(*values[:2]), harmonic(*values[2:])
            figures = [*values[:2], pairs, *values[2:], cubed]
            size = f"{len(set(people[told_of])):,} / {told_of.sum():,}"
            called = Path(library[0]).name if len(library) == 1 else "all together"
            print(f"| {called} | {size} | {name} | " + " | ".join(f"{v:.4f}" for v in figures) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
