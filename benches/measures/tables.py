"""The tables of docs/measures.md from what `verify eval --json` printed.

usage: tables.py people|pairs|groups|stress < rows.jsonl
"""

import json
import sys

SET = ("1e-2", "1e-3", "1e-4")


def main() -> None:
    rows = [json.loads(line) for line in sys.stdin]
    {"people": people, "pairs": pairs, "groups": groups, "stress": stress}[sys.argv[1]](rows)
    print()


def people(rows: list) -> None:
    rows = [row for row in rows if "measures" in row]
    heading("photos", "people", *(f"set for {name}: FMR | FNMR, %" for name in SET), "EER, %", "Cllr", "minCllr")
    for row in rows:
        of = row["measures"]
        set_for = [cell for name in SET for cell in (rate(of["set"][name]["fmr"]), percent(of["set"][name]["fnmr"]))]
        line(row["enrolled"], row["people"], *set_for, percent(of["eer"]), f"{of['cllr']:.4f}", f"{of['min_cllr']:.4f}")
    failures(rows[0]["measures"])
    zoo = rows[0]["measures"]["zoo"]
    for kind in ("goats", "lambs", "wolves"):
        print(f"{kind}:", ", ".join(f"{one['name']} {one['score']:.2f}" for one in zoo[kind]))
    print(f"corners: {zoo['animals']}, by chance {zoo['expected']:.1f} each")


def pairs(rows: list) -> None:
    row = next(row for row in rows if "pairs" in row)
    of, accuracy = row["measures"], row["accuracy"]
    heading("what", "measured")
    line("accuracy over ten folds, %", f"{100 * accuracy['mean']:.2f} ± {100 * accuracy['standard_error']:.2f}")
    line("EER, %", percent(of["eer"]))
    for name, fnmr in reversed(of["fnmr_at_fmr"].items()):
        line(f"FNMR where FMR is {name}, %", percent(fnmr) if fnmr else "too few pairs")
    for name in SET:
        line(f"set for {name}: FMR", rate(of["set"][name]["fmr"]))
        line(f"set for {name}: FNMR, %", percent(of["set"][name]["fnmr"]))
    line("Cllr, minCllr", f"{of['cllr']:.4f}, {of['min_cllr']:.4f}")
    failures(of)


def groups(rows: list) -> None:
    for row in (row for row in rows if "measures" in row):
        by = row["measures"]["groups"][0]
        print(f"{row['enrolled']} photos, set for 1e-3")
        heading("group", "people", "FMR within", "FMR among all", "FNMR, %")
        for group in by["groups"]:
            of = group["set"]["1e-3"]
            line(group["label"], group["people"], rate(of["fmr_within"]), rate(of["fmr"]), percent(of["fnmr"]))
        for what, ratio in by["ratios"]["1e-3"].items():
            times = [f"{ratio[to]:.1f}" if ratio[to] else "–" for to in ("to_lowest", "to_mean")]
            print(f"{what}: {ratio['highest']} to {ratio['lowest']} {times[0]}, to the geometric mean {times[1]}")
        failures(row["measures"])


def stress(rows: list) -> None:
    heading("imitation", "strength", "photos", "IAPMR, %", "no face, %")
    for row in rows:
        if "iapmr" in row:
            line(row["change"], row["strength"], row["photos"], percent(row["iapmr"], 1), f"{100 * row['no_face']:.1f}")


def heading(*cells: str) -> None:
    cells = " | ".join(cells).split(" | ")
    line(*cells)
    print("|---" * len(cells) + "|")


def line(*cells: object) -> None:
    print("| " + " | ".join(map(str, cells)) + " |")


def failures(of: dict) -> None:
    of = of["failures"]
    print(f"FTA {of['not_acquired']} of {of['photos']}, FTE {of['not_enrolled']} of {of['enrolments']}")


def rate(of: dict) -> str:
    return f"{of['value']:.1e} ({of['low']:.0e} to {of['high']:.0e})" if of else "–"


def percent(of: dict, digits: int = 2) -> str:
    value, low, high = (f"{100 * of[name]:.{digits}f}" for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


if __name__ == "__main__":
    main()
