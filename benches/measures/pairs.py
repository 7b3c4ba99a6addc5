"""Pairs of photos in the format of LFW's pairs.txt, from a folder of people: ten folds, no person in two of them.

usage: pairs.py DIR [PAIRS A FOLD AND KIND] > pairs.txt

LFW's own pairs.txt names people of all of LFW. This makes as many folds from any part of it, the same ones every time.
"""

import itertools
import pathlib
import random
import sys

FOLDS = 10
SEED = 2007


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    each = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    people = {}
    for photo in sorted(folder.glob("*/*_[0-9][0-9][0-9][0-9].jpg")):
        people.setdefault(photo.parent.name, []).append(int(photo.stem[-4:]))
    draw = random.Random(SEED)
    names = sorted(people)
    draw.shuffle(names)
    print(f"{FOLDS}\t{each}")
    for fold in range(FOLDS):
        of = {name: people[name] for name in sorted(names[fold::FOLDS])}
        same = [(name, *two) for name in of for two in itertools.combinations(of[name], 2)]
        for name, one, other in sorted(some(draw, same, each)):
            print(f"{name}\t{one}\t{other}")
        different = set()
        while len(different) < each:
            one, other = sorted(draw.sample(sorted(of), 2))
            different.add((one, draw.choice(of[one]), other, draw.choice(of[other])))
        for one, first, other, second in sorted(different):
            print(f"{one}\t{first}\t{other}\t{second}")


def some(draw: random.Random, pairs: list, count: int) -> list:
    """As many pairs, people in turns: one with hundreds of photos must not decide alone."""
    draw.shuffle(pairs)
    turns: dict = {}
    ranked = []
    for pair in pairs:
        turn = turns[pair[0]] = turns.get(pair[0], 0) + 1
        ranked.append((turn, len(ranked), pair))
    if len(ranked) < count:
        sys.exit(f"only {len(ranked)} pairs of one person in a fold; ask for fewer")
    return [pair for *_, pair in sorted(ranked)[:count]]


if __name__ == "__main__":
    main()
