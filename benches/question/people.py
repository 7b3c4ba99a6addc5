"""The answers without a network over many people, on embeddings, with 3 to 20 photos enrolled."""

import heads
import numpy as np
from photos import SEED, photos_in

ENROLLED = (3, 5, 10, 20)
GENUINE = 30
FAR = 1e-3
# Settings of one-class regression, of which the first half of the people chooses one.
SETTINGS = [{"ridge": ridge, "spread": spread} for ridge in (1e-4, 1e-2, 1.0) for spread in (0.3, 1, 3)]


def embedded(faces, folders):
    """The embeddings of a half's photos, by their largest face, and whose each is."""
    rows, whose = [], []
    for number, folder in enumerate(folders):
        for row in faces.largest(photos_in(folder)):
            rows.append(row)
            whose.append(number)
    return np.array(rows), np.array(whose)


def tried(rows, whose, count, fit):
    """Enrol everybody who has enough photos with `count` of them.

    Returns the scores of new photos, those of strangers, and for each person the shares of both that are accepted.
    """
    random, genuine, strangers, accepted = np.random.default_rng(SEED), [], [], []
    names, totals = np.unique(whose, return_counts=True)
    for name in names[totals >= count + max(2, count // 2)]:
        own = random.permutation(np.nonzero(whose == name)[0])
        score, threshold = fit(rows[own[:count]])
        new, others = score(rows[own[count : count + GENUINE]]), score(rows[whose != name])
        genuine.append(new)
        strangers.append(others)
        accepted.append(((new >= threshold).mean(), (others >= threshold).mean()))
    return np.concatenate(genuine), np.concatenate(strangers), np.array(accepted)


def at_rate(genuine, strangers):
    """The share of new photos accepted at the threshold that accepts FAR of the strangers."""
    return float((genuine > np.quantile(strangers, 1 - FAR)).mean())


def regressed(rows, whose, count, setting):
    """`tried` with one-class regression; the random layer is the same for everybody."""
    features = heads.random_layer(rows.shape[1], 1.0, setting["spread"])(rows)
    return tried(features, whose, count, lambda own: heads.regression(own, setting["ridge"]))


def chosen(faces, folders):
    """The setting of one-class regression that tells people of `folders` apart best after 5 photos."""
    rows, whose = embedded(faces, folders)
    return max(SETTINGS, key=lambda setting: at_rate(*regressed(rows, whose, 5, setting)[:2]))


def measured(faces, folders, setting):
    """Rows of name, photos enrolled, people, accepted new photos, accepted strangers, accepted at FAR."""
    rows, whose = embedded(faces, folders)
    ways = {
        "one-class SVM": lambda count: tried(rows, whose, count, heads.one_class_svm),
        "one-class regression": lambda count: regressed(rows, whose, count, setting),
        "centroid": lambda count: tried(rows, whose, count, heads.centroid),
    }
    out = []
    for name, way in ways.items():
        for count in ENROLLED:
            genuine, strangers, accepted = way(count)
            own, others = accepted.mean(axis=0)
            out.append([name, count, len(accepted), float(own), float(others), at_rate(genuine, strangers)])
    return out


def table(rows):
    """The rows as Markdown."""
    yield f"| on embeddings | photos | people | own border: new photos | own border: strangers | TAR at FAR {FAR:g} |"
    yield "|---|---|---|---|---|---|"
    for name, count, people, own, others, rate in rows:
        yield f"| {name} | {count} | {people} | {100 * own:.1f} % | {100 * others:.2f} % | {rate:.4f} |"
