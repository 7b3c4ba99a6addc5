"""Photos a second through Ray with one and with two actors of one core, beside `verify scan` on two
threads: in turns, medians of three.

    python throughput.py PROFILE PHOTOS [--count 3000] [--command ../../../target/release/verify]

Ray's start is not counted; starting actors and loading models is, in both. The steady rate begins
with the first rows.
"""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import ray
from photos import repeated

import sameface
import sameface.ray

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("profile")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--command", type=Path, default=HERE / "../../../target/release/verify")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "verify-throughput"))
    args = parser.parse_args()
    paths = repeated(args.photos, args.work, args.count)
    profile = sameface.Profile.load(args.profile)
    # The reading of the list and the counting of rows need a core now and then.
    ray.init(address="local", num_cpus=3, include_dashboard=False, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    rates: dict[str, list[float]] = {}
    for _ in range(args.times):
        for actors in (1, 2):
            whole, steady = by_ray(paths, profile, actors)
            rates.setdefault(f"Ray, {actors} actors, whole", []).append(whole)
            rates.setdefault(f"Ray, {actors} actors, steady", []).append(steady)
        rates.setdefault("verify scan --threads 2", []).append(by_command(args, paths))
        load = os.getloadavg()[0]
        print({name: round(values[-1], 1) for name, values in rates.items()}, f"load {load:.1f}", flush=True)
    for name, values in rates.items():
        print(f"{name}: {median(values):.1f} photos a second")


def by_ray(paths: list[str], profile: sameface.Profile, actors: int) -> tuple[float, float]:
    begun = time.monotonic()
    first = rows = 0
    for batch in sameface.ray.scan(paths, profile, actors=actors, batch_size=64).iter_batches(
        batch_size=None, batch_format="pyarrow"
    ):
        rows += len(batch)
        if not first:
            first, started = rows, time.monotonic()
    ended = time.monotonic()
    assert rows == len(paths)
    return rows / (ended - begun), (rows - first) / (ended - started)


def by_command(args: argparse.Namespace, paths: list[str]) -> float:
    folder = Path(paths[0]).parent
    command = [args.command, "scan", "--threads", "2", "--no-index", "--profile", args.profile, folder]
    begun = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return len(paths) / (time.monotonic() - begun)


if __name__ == "__main__":
    main()
