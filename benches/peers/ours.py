"""The same trials with `verify enroll` and `verify check`, whose index keeps what was found in a photo."""

import hashlib
import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import trials

ROOT = Path(__file__).resolve().parents[2]
VERIFY = ROOT / "target" / "release" / "verify"
PACKS = ROOT / "models"
KEPT = ROOT / "target" / "compare"
INDEX = KEPT / "index.sqlite"
# What a program keeps in the home folder of its user goes below target/ too.
AWAY = os.environ | {"HOME": str(KEPT), "TF_CPP_MIN_LOG_LEVEL": "3", "OPENCV_LOG_LEVEL": "ERROR"}


def answers(plans: list[dict], pack: Path) -> dict:
    """Answers to all trials in the form that worker.py writes. They are kept for as long as program, pack and
    trials stay as they are."""
    told = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for plan in plans:
            kept = KEPT / "answers" / f"{plan['name']}-{key(plan, pack)}.json"
            if not kept.is_file():
                kept.parent.mkdir(exist_ok=True)
                kept.write_text(json.dumps(of_plan(plan, pack, pool)))
            told[plan["name"]] = json.loads(kept.read_text())
    return told


def key(plan: dict, pack: Path) -> str:
    """What the answers to a plan depend on, as a short word."""
    digest = hashlib.sha256(json.dumps(plan).encode())
    for path in (VERIFY, pack / "pack.json", pack / "population.safetensors"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def of_plan(plan: dict, pack: Path, pool: ThreadPoolExecutor) -> dict:
    """For each number of photos and each enrolment: None if nobody could be enrolled, or the answers."""
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "probes.txt"
        listed.write_text("\n".join(probe["photo"] for probe in plan["probes"]))

        def one(job: tuple[int, int]) -> list | str | None:
            number, place = job
            photos = plan["enrolments"][place]["photos"]
            if len(photos) < number:
                return "too few photos"
            profile = Path(scratch) / f"{number}-{place}.json"
            return of_enrolment(photos[:number], listed, profile, pack)

        jobs = [(number, place) for number in trials.NUMBERS for place in range(len(plan["enrolments"]))]
        done = dict(zip(jobs, pool.map(one, jobs)))
    return {number: [done[number, place] for place in range(len(plan["enrolments"]))] for number in trials.NUMBERS}


def of_enrolment(photos: list[str], probes: Path, profile: Path, pack: Path) -> list | None:
    """Score and decision for each probe; None for a probe without a face."""
    where = ["--profile", profile, "--pack", pack, "--index", INDEX, "--threads", "1", "--json"]
    # Strangers in the index would set the threshold too; the peers have none, so ours may not either.
    if run(["enroll", *photos, "--name", "person", "--calibrate", "off", *where]) is None:
        return None
    told = [json.loads(line) for line in run(["check", "--files-from", probes, *where]).splitlines()]
    by_photo = {row["photo"]: row for row in told}
    return [answer_of(by_photo[photo]) for photo in probes.read_text().splitlines()]


def answer_of(row: dict) -> tuple[float, bool] | None:
    """What `check` says of a photo: only `match` counts as accepted, `uncertain` does not."""
    return None if row["score"] is None else (row["score"], row["verdict"] == "match")


def run(words: list) -> str | None:
    """What a command prints; None if it could do nothing, as without a face."""
    done = subprocess.run([str(word) for word in (VERIFY, *words)], capture_output=True, text=True)
    if done.returncode == 2 and words[0] == "enroll":
        return None
    if done.returncode not in (0, 1):
        raise SystemExit(f"verify {words[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout

