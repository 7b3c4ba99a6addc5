"""The table of docs/accuracy.md about identification, from what `make galleries` measured.

usage: verify eval --people DIR --people DIR … --leave-out --gallery N,… --json | galleries.py
"""

import json
import sys
from pathlib import Path

RATES = ("1e-2", "1e-3", "1e-4")
# Strangers of a folder without whom a rate says nothing.
LEAST = 10


def main() -> None:
    rows = [json.loads(line) for line in sys.stdin]
    heads = " | ".join(f"asked {rate}: FPIR (unraised) | FNIR" for rate in RATES)
    print(f"| folder | enrolled | photos each | tried: known | strangers | {heads} | misnamed at 1e-2 |")
    print("|---" * (6 + 2 * len(RATES)) + "|")
    for row in (row for row in rows if "gallery" in row):
        cells = [Path(row["folder"]).name, f"{row['gallery']:,}", row["enrolled"], f"{row['mated']:,}", f"{row['nonmated']:,}"]
        for rate in RATES:
            came = row["rates"][rate]
            enough = row["nonmated"] * float(rate) >= LEAST or came["fpir"] * row["nonmated"] >= LEAST
            fpir = f"{came['fpir']:.1e} ({came['fpir_alone']:.0e})"
            cells += [fpir if enough else f"{fpir}, few", f"{came['fnir']:.3f}"]
        cells.append(f"{row['rates']['1e-2']['misnamed']:.3f}")
        print("| " + " | ".join(map(str, cells)) + " |")


main()
