"""The tables of docs/accuracy.md about people of one kind, and their goals, from what `make rates` measured.

usage: verify eval --people DIR --people DIR … --leave-out --strangers --related FILE --json | rates.py
"""

import json
import statistics
import sys
from pathlib import Path

# The rates that the goals are about, and those that are in the table.
HELD = ("1e-2", "1e-3")
RATES = ("1e-2", "1e-3", "1e-4")
# Goals: times the rate asked for in every folder, in the median, and with local strangers; points of TAR behind the
# best threshold.
IN_EVERY, IN_MEDIAN, WITH_LOCAL = 10.0, 3.0, 2.0
BEHIND = 0.02


def main() -> None:
    rows = [json.loads(line) for line in sys.stdin]
    measured = [row for row in rows if "calibrated" in row]
    for strangers, title in (False, "Without local strangers"), (True, "With half of the others as local strangers"):
        those = [row for row in measured if row["strangers"] == strangers]
        if those:
            print(f"\n{title}\n")
            table(those)
            goals(those, WITH_LOCAL if strangers else IN_EVERY, None if strangers else IN_MEDIAN)
    relatives([row for row in rows if "kinship" in row])


def table(rows: list) -> None:
    print("| folder | photos enrolled | people | " + " | ".join(f"asked {rate}: FAR | TAR (best)" for rate in RATES) + " |")
    print("|---" * (3 + 2 * len(RATES)) + "|")
    for row in rows:
        cells = [Path(row["folder"]).name, row["enrolled"], row["people"]]
        for rate in RATES:
            came = row["calibrated"][rate]
            low, high = came["far_interval"]
            best = row["tar"][rate]
            cells.append(f"{came['far']:.1e} ({low:.0e} to {high:.0e})")
            cells.append(f"{came['tar']:.3f} ({'–' if best is None else f'{best:.3f}'})")
        print("| " + " | ".join(map(str, cells)) + " |")


def goals(rows: list, most: float, median: float | None) -> None:
    print()
    for rate in HELD:
        times = {(Path(row["folder"]).name, row["enrolled"]): row["calibrated"][rate]["far"] / float(rate) for row in rows}
        over = [f"{name} after {photos}: {many:.1f}" for (name, photos), many in times.items() if many > most]
        print(f"{rate}: more than {most:g} times the rate in {len(over)} of {len(times)} rows: {', '.join(over) or 'none'}")
        if median is not None:
            middle = statistics.median(times.values())
            print(f"{rate}: {middle:.2f} times in the median, goal {median:g}")
        behind = []
        for row in rows:
            best, tar = row["tar"][rate], row["calibrated"][rate]["tar"]
            if best is not None and best - tar > BEHIND:
                behind.append(f"{Path(row['folder']).name} after {row['enrolled']}: {100 * (best - tar):.1f}")
        print(f"{rate}: more than 2 points behind the best threshold: {', '.join(behind) or 'none'}")


def relatives(rows: list) -> None:
    if not rows:
        return
    print("\nRelatives, asked 1e-3\n")
    print("| relative | photos enrolled | pairs | FAR | TAR | FAR, kept apart | TAR, kept apart | noticed |")
    print("|---" * 8 + "|")
    for row in rows:
        rates = (row["far"], row["tar"], row["far_kept_apart"], row["tar_kept_apart"], row["noticed"])
        shares = " | ".join(f"{100 * rate:.1f} %" for rate in rates)
        print(f"| {row['kinship']} | {row['enrolled']} | {row['pairs']} | {shares} |")


main()
