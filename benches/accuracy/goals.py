"""The tables of docs/accuracy.md, and its goals beside what `verify eval --people DIR --refit 2 --json` measured.

usage: verify eval --people DIR --refit 2 --json | goals.py
"""

import json
import sys

# TAR at FAR 1e-3, 1e-4 and 1e-5 of the default method, by photos enrolled.
GOALS = {1: (0.978, 0.958, 0.92), 3: (0.993, 0.988, 0.98), 5: (0.995, 0.991, 0.985), 10: (0.996, 0.993, 0.985)}
RATES = ("1e-3", "1e-4", "1e-5")
# The rate that comes of one that is asked for may be so many times it.
MOST = 2.0


def main() -> None:
    rows = [json.loads(line) for line in sys.stdin]
    rows = [row for row in rows if "method" in row]
    default = rows[0]["method"]
    table(rows)
    spread([row for row in rows if row["method"] == default])
    print(f"TAR of {default}     goal   measured")
    for row in (row for row in rows if row["method"] == default and row["enrolled"] in GOALS):
        for rate, goal in zip(RATES, GOALS[row["enrolled"]]):
            tar = row["tar"][rate]
            # Of few people too few trials are left for the smallest rates.
            if tar is not None:
                say(f"{row['enrolled']:2} photos, FAR {rate}", f"{goal:.4f}", tar, tar >= goal)
    print(f"FAR of {default}     asked  measured")
    for row in (row for row in rows if row["method"] == default):
        for rate, came in row["calibrated"].items():
            times = came["far"] / float(rate)
            say(f"{row['enrolled']:2} photos", rate, came["far"], 1 / MOST <= times <= MOST)


def table(rows: list) -> None:
    print("| method | photos | people | TAR at FAR 1e-2 | 1e-3 | 1e-4 | 1e-5 | FAR if 1e-2 is asked for | 1e-3 | 1e-4 | ECE |")
    print("|---" * 11 + "|")
    for row in rows:
        tar = [f"{value:.4f}" if value is not None else "" for value in row["tar"].values()]
        far = [f"{rates['far']:.1e}" for rates in row["calibrated"].values()]
        cells = [row["method"], row["enrolled"], row["people"], *tar, *far, f"{row['ece']:.4f}"]
        print("| " + " | ".join(map(str, cells)) + " |")


def spread(rows: list) -> None:
    print("\n| photos | people | median | 90 % | 99 % | beyond 3 times | 10 times | worst |\n" + "|---" * 8 + "|")
    for row in rows:
        of = row["spread"]
        worst = ", ".join(f"{person['name']} {person['far']:.1e}" for person in of["worst"][:3])
        print(f"| {row['enrolled']} | {row['people']} | {of['median']:.1e} | {of['p90']:.1e} | {of['p99']:.1e} "
              f"| {of['over_three_times']:.1%} | {of['over_ten_times']:.1%} | {worst} |")
    print()


def say(what: str, goal: str, measured: float, met: bool) -> None:
    print(f"{what:20} {goal:>7} {measured:9.4g}  {'met' if met else 'MISSED, see docs/accuracy.md'}")


if __name__ == "__main__":
    main()
