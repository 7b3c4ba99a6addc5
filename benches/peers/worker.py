"""One peer's answers to all trials; run by the Python of its own environment.

usage: worker.py answers NAME PLANS CACHE OUT    answers to the trials of PLANS, as JSON
       worker.py embed NAME [--processes N] [--cnn] PHOTO…
           the seconds and processor seconds to find and embed the faces, models loaded before
       worker.py once NAME KNOWN PHOTO           the answer to one trial, as a program of a few lines gives it
"""

import argparse
import importlib
import json
import pickle
import random
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import trials

# So many trials are asked again by the public interface alone, and must be answered alike.
ASKED_AGAIN = 12


def main() -> None:
    task, name, *rest = sys.argv[1:]
    if task == "embed":
        print(*spent(name, rest))
    elif task == "once":
        print(load(name).plain(rest[:1], rest[1]))
    else:
        plans, cache, out = map(Path, rest)
        answer(load(name), json.loads(plans.read_text()), cache, out)


def load(name: str) -> object:
    """The program whose module in `programs` has this name."""
    return importlib.import_module(f"programs.{name}").Program()


def spent(name: str, words: list[str]) -> tuple[float, float]:
    """Seconds and processor seconds that the faces of some photos take, in one process or several."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--cnn", action="store_true")
    parser.add_argument("photos", nargs="+")
    asked = parser.parse_args(words)
    program = load(name)
    if asked.cnn:
        program.detector = "cnn"
    # The first use loads the models.
    program.embed(asked.photos[0])
    start, cpu = time.perf_counter(), processor()
    if asked.processes == 1:
        for photo in asked.photos:
            program.embed(photo)
    else:
        with ProcessPoolExecutor(asked.processes, initializer=load_here, initargs=(name,)) as pool:
            list(pool.map(embed_here, asked.photos))
    return time.perf_counter() - start, processor() - cpu


def processor() -> float:
    """Processor seconds of this process and of those that it waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def load_here(name: str) -> None:
    """Load a program once for a process of a pool."""
    globals()["program"] = load(name)


def embed_here(photo: str) -> bool:
    return globals()["program"].embed(photo) is not None


def answer(program: object, plans: list[dict], cache: Path, out: Path) -> None:
    """Write the answers to all trials, and stop if the public interface gives others."""
    found = embed_all(program, trials.photos_of(plans), cache)
    again(program, plans, found)
    answers = {plan["name"]: of_plan(program, plan, found) for plan in plans}
    out.write_text(json.dumps(answers))


def embed_all(program: object, photos: list[str], cache: Path) -> dict:
    """What the program finds in each photo; kept in a file, so that only new photos are looked at."""
    found = pickle.loads(cache.read_bytes()) if cache.is_file() else {}
    missing = [photo for photo in photos if photo not in found]
    for place, photo in enumerate(missing):
        found[photo] = program.embed(photo)
        if place % 100 == 99 or place == len(missing) - 1:
            cache.write_bytes(pickle.dumps(found))
            print(f"{cache.stem}: {place + 1} of {len(missing)} photos", file=sys.stderr)
    return found


def of_plan(program: object, plan: dict, found: dict) -> dict:
    """For each number of photos and each enrolment: None if nobody could be enrolled, or the answers."""
    return {
        number: [
            of_enrolment(program, enrolment["photos"][:number], plan["probes"], found)
            if len(enrolment["photos"]) >= number
            else "too few photos"
            for enrolment in plan["enrolments"]
        ]
        for number in trials.NUMBERS
    }


def of_enrolment(program: object, photos: list[str], probes: list[dict], found: dict) -> list | None:
    """Score and decision for each probe; None for a probe without a face."""
    usable = [found[photo] for photo in photos if found[photo] is not None]
    if not usable:
        return None
    template = program.enrol(usable)
    return [
        None if found[probe["photo"]] is None else program.compare(template, probe["photo"], found[probe["photo"]])
        for probe in probes
    ]


def again(program: object, plans: list[dict], found: dict) -> None:
    """Ask some trials by the public interface alone."""
    rng = random.Random(trials.SEED)
    for _ in range(ASKED_AGAIN):
        plan = rng.choice([plan for plan in plans if plan["enrolments"]])
        enrolment = rng.choice(plan["enrolments"])
        photos = enrolment["photos"][: rng.choice(trials.NUMBERS)]
        own = [probe for probe in plan["probes"] if probe["person"] == enrolment["person"]]
        probe = rng.choice(rng.choice((own, plan["probes"])))
        ours = of_enrolment(program, photos, [probe], found)
        expected = ours[0] if ours else None
        plain = program.plain(photos, probe["photo"])
        if not alike(expected, plain):
            sys.exit(f"{photos} and {probe['photo']}: {plain} by the public interface, {expected} here")


def alike(one: tuple | None, other: tuple | None) -> bool:
    """Whether two answers agree; a score that the public interface hides is NaN."""
    if one is None or other is None:
        return one is None and other is None
    return bool(one[1]) == bool(other[1]) and not abs(one[0] - other[0]) > 1e-3


if __name__ == "__main__":
    main()
