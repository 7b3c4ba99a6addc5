"""`verify identify` among many people beside `verify check` against one, in turns, medians.

usage: identify.py PEOPLE [COUNT]    (PEOPLE: a folder of folders; so many of them are enrolled)
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VERIFY = Path(__file__).resolve().parents[2] / "target" / "release" / "verify"
# The photos of a command, and how often it is run.
CASES = {
    "100 photos, analysed anew": (100, 5, True),
    "one photo, analysed anew": (1, 15, True),
    "100 photos from the index": (100, 5, False),
    "one photo from the index": (1, 15, False),
}


def run(*command: object) -> float:
    """Milliseconds of a command, which must not fail."""
    begun = time.monotonic()
    done = subprocess.run([VERIFY, *command], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"identify: {done.stderr}")
    return 1000 * (time.monotonic() - begun)


def enrol(people: Path, count: int, where: list) -> int:
    """Enrol so many people; one who cannot be enrolled is left out."""
    enrolled = 0
    for folder in sorted(path for path in people.iterdir() if path.is_dir()):
        command = [VERIFY, "enroll", folder, "--name", folder.name, *where]
        enrolled += subprocess.run(command, capture_output=True).returncode == 0
        if enrolled == count:
            break
    return enrolled


def main() -> None:
    people, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    photos = sorted(people.rglob("*.jpg"))[::50]
    with tempfile.TemporaryDirectory() as scratch:
        where, index = ["--people", f"{scratch}/people"], ["--index", f"{scratch}/index.sqlite"]
        print(f"{enrol(people, count, where + index)} people enrolled\n")
        print("| | check, ms | identify, ms | ratio |\n|---|---|---|---|")
        for name, (number, rounds, anew) in CASES.items():
            command = [*photos[:number], *where, *(["--no-index"] if anew else index)]
            run("identify", *command)
            took = [(run("check", *command), run("identify", *command)) for _ in range(rounds)]
            check, identify = (statistics.median(times) for times in zip(*took))
            print(f"| {name} | {check:,.0f} | {identify:,.0f} | {identify / check:.2f} |", flush=True)


if __name__ == "__main__":
    main()
