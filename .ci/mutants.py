#!/usr/bin/env python3
"""The share of planted changes that tests noticed, a line for each room, and what went unnoticed.

    .ci/mutants.py ROOM...      after `.ci/mutants.sh rooms`, which leaves its outcomes in target/mutants
"""

import sys
from pathlib import Path

OUTCOMES = Path(__file__).resolve().parent.parent / "target/mutants"


def changes(room, outcome):
    """The changes of a room with this outcome, in either round."""
    names = set()
    for round_ in "unit", "all":
        file = OUTCOMES / room / round_ / "mutants.out" / f"{outcome}.txt"
        names |= set(file.read_text().splitlines()) if file.exists() else set()
    return names


def main(rooms):
    print("| room | changes | noticed | share |\n|---|---|---|---|")
    total = noticed = 0
    unnoticed = []
    for room in rooms:
        seen = changes(room, "caught") | changes(room, "timeout")
        missed = changes(room, "missed") - seen
        if not seen | missed:
            sys.exit(f"mutants: no outcomes of {room} in {OUTCOMES}; run `make mutants`")
        print(f"| `{room}` | {len(seen | missed)} | {len(seen)} | {len(seen) / len(seen | missed):.0%} |")
        total, noticed = total + len(seen | missed), noticed + len(seen)
        unnoticed += sorted(missed)
    print(f"| all | {total} | {noticed} | {noticed / total:.0%} |\n")
    print("\n".join(unnoticed))


if __name__ == "__main__":
    main(sys.argv[1:])
