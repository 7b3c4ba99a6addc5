"""Time and memory of `verify scan` over more and more photos, the first time and again.

usage: memory.py PORTRAITS PEOPLE COUNT...    (PORTRAITS: one person's photos; PEOPLE: a library of others)

The photos are those of PEOPLE in turn, each with other bytes after its end, so that none is known.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VERIFY = Path(__file__).resolve().parents[2] / "target" / "release" / "verify"


def library(folder: Path, sources: list, count: int) -> None:
    """Write so many photos, a thousand in a folder."""
    for number in range(count):
        place = folder / str(number // 1000) / f"{number}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(sources[number % len(sources)].read_bytes() + number.to_bytes(4, "little"))


def run(command: list) -> tuple:
    """Seconds, CPU seconds and peak MB of a command whose output is thrown away."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"memory: failed: {' '.join(map(str, command))}")
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


def main() -> None:
    sources = sorted(Path(sys.argv[2]).rglob("*.jpg"))
    print("| photos | s | CPU s | CPU ms a photo | peak MB |\n|---|---|---|---|---|")
    for count in map(int, sys.argv[3:]):
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch)
            library(work / "library", sources, count)
            profile = ["--profile", work / "profile.json"]
            run([VERIFY, "enroll", sys.argv[1], *profile, "--no-index"])
            scan = [VERIFY, "scan", work / "library", *profile, "--index", work / "index.sqlite"]
            for again in ("", ", again"):
                wall, cpu, peak = run(scan)
                each = 1000 * cpu / count
                print(f"| {count:,}{again} | {wall:,.1f} | {cpu:,.1f} | {each:.2f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
