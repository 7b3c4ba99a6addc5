"""What each answer to the question of one class accepts. `make question` runs it; docs/question.md tells of it.

    python question.py VERIFY PERSON SCENES PEOPLE FIGURE

PERSON is a folder of photos of one person, SCENES one of other pictures, PEOPLE a folder of people, each in a
folder of their own. In cross-validation over PERSON and SCENES, every answer learns from four fifths and is
tried on the rest, and on a fifth of the people of one half of PEOPLE. Writes FIGURE, an SVG.
"""

import json
import sys
from pathlib import Path

import answers
import figure
import numpy as np
import people
from photos import FOLDS, NEGATIVES, SEED, Faces, Program, dealt, folds, halves, photos_in

WORK = Path("target/question")


class Tally:
    """What one answer accepted, over all folds."""

    def __init__(self):
        """Nothing yet."""
        self.accepted = {"person": [], "strangers": [], "scenes": []}
        self.above = []

    def add(self, tried, scores, accepted):
        """Count one fold: the person's photos first, then scenes, then strangers."""
        ends = np.cumsum([len(tried.person), len(tried.scenes)])
        for kind, part in zip(("person", "scenes", "strangers"), np.split(accepted, ends), strict=True):
            self.accepted[kind].extend(part.tolist())
        person, _, strangers = np.split(scores, ends)
        self.above.extend((person > strangers.max()).tolist())

    def shares(self):
        """The shares accepted, and that of the person's photos that score above every stranger of their fold."""
        shares = {kind: float(np.mean(part)) for kind, part in self.accepted.items()}
        counts = {kind: int(np.sum(part)) for kind, part in self.accepted.items()}
        return {"accepted": shares, "counts": counts, "above": float(np.mean(self.above))}


def table(rows):
    """The rows as Markdown."""
    yield "| answer | new photos of the person | strangers | scenes | the person, above all strangers |"
    yield "|---|---|---|---|---|"
    for name, row in rows.items():
        shares = row["accepted"]
        cells = [*(shares[kind] for kind in ("person", "strangers", "scenes")), row["above"]]
        yield f"| {name} | {' | '.join(map(percent, cells))} |"


def percent(share):
    """A share in percent: with as many digits as say that it is not nought."""
    return f"{100 * share:.1f} %" if share == 0 or share >= 0.0005 else f"{100 * share:.2g} %"


def tallied(context, parts):
    """Run every answer in every fold."""
    tallies = {name: Tally() for name in answers.ANSWERS}
    for number, (learnt, tried) in enumerate(folds(*parts), 1):
        for name, answer in answers.ANSWERS.items():
            scores, accepted = answer(context, learnt, tried.all(), number)
            tallies[name].add(tried, scores, accepted)
        print(f"fold {number} of {FOLDS} done", file=sys.stderr, flush=True)
    return {name: tally.shares() for name, tally in tallies.items()}


def main():
    """Deal the photos, run the answers, print the tables, and draw the figure."""
    verify, person, scenes, others, drawn = sys.argv[1:]
    random = np.random.default_rng(SEED)
    program = Program(verify, WORK)
    faces = Faces(program, [person, scenes, others])
    first, second = halves(others, random)
    negatives = [photos_in(folder)[0] for folder in random.permutation(first)[:NEGATIVES]]
    strangers = [[photo for folder in second[at::FOLDS] for photo in photos_in(folder)] for at in range(FOLDS)]
    own, pictures = dealt(photos_in(person), faces, random), dealt(photos_in(scenes), faces, random)
    for kind, (parts, different) in (("the person", own), ("other pictures", pictures)):
        print(f"{kind}: {sum(map(len, parts))} photos of {different} pictures, in {FOLDS} folds by seed {SEED}")
    print(f"strangers learnt from: {len(negatives)}, one photo each")
    print(f"strangers tried: {sum(map(len, strangers))} photos of {len(second)} others\n")
    parts = own[0], pictures[0], strangers
    photos = [photo for kind in parts for part in kind for photo in part]
    context = answers.Context(program, faces, first, photos)
    rows = tallied(context, (*parts, negatives))
    print("\n".join(table(rows)), end="\n\n")
    print("\n".join(context.losses()), end="\n\n")
    many = people.measured(faces, second, context.setting)
    print(f"one-class regression, chosen on the first half: {context.setting}\n")
    print("\n".join(people.table(many)))
    Path(drawn).write_text(figure.drawn(rows))
    (WORK / "figures.json").write_text(json.dumps({"rows": rows, "losses": context.said, "people": many}, indent=1))


if __name__ == "__main__":
    main()
