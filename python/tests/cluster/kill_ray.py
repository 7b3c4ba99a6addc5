"""Kill a node of a Ray cluster in the middle of a scan, and count the rows.

    python kill_ray.py PROFILE PHOTOS [--count 2000] [--times 10]

A head and two worker nodes on this machine; the raylet of one is killed (SIGKILL) when a share of
the photos is done. Exit status 1 where a row is missing or there twice.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import pyarrow.parquet as pq
import ray
from photos import complete, repeated, wait_for
from ray.cluster_utils import Cluster

import sameface
import sameface.ray

BATCH = 32
"""Photos in a batch, and rows in a file."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("profile")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "verify-kill"))
    args = parser.parse_args()
    paths = repeated(args.photos, args.work / "photos", args.count)
    profile = sameface.Profile.load(args.profile)
    passed = 0
    for number in range(args.times):
        started = time.monotonic()
        problem, killed_at = run(profile, paths, args.work / "rows", number)
        took = time.monotonic() - started
        print(f"run {number}: node killed after {killed_at} files, {problem or 'every photo once'}, {took:.0f} s", flush=True)
        passed += problem is None
    print(f"{passed} of {args.times} passed, {len(paths)} photos each")
    sys.exit(passed != args.times)


def run(profile: sameface.Profile, paths: list[str], rows: Path, seed: int) -> tuple[str | None, int]:
    shutil.rmtree(rows, ignore_errors=True)
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    workers = [cluster.add_node(num_cpus=1, resources={"photos": 1}) for _ in range(2)]
    ray.init(address=cluster.address, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    killed: list[int] = []
    files = int(random.Random(seed).uniform(0.05, 0.7) * len(paths) / BATCH)
    killer = threading.Thread(target=kill, args=(workers[seed % 2], rows, files, killed))
    killer.start()
    try:
        found = sameface.ray.scan(paths, profile, actors=2, batch_size=BATCH, resources={"photos": 1})
        found.write_parquet(os.fspath(rows))
    finally:
        killer.join()
        ray.shutdown()
        cluster.shutdown()
    table = pq.read_table(rows)
    problem = complete(paths, table["photo"].to_pylist())
    if problem is None and "error" in set(table["verdict"].to_pylist()):
        problem = "a photo could not be read"
    return problem, killed[0]


def kill(node: object, rows: Path, files: int, killed: list[int]) -> None:
    """Kill the node's raylet when so many files have been written."""
    killed.append(wait_for(rows, files))
    [raylet] = node.all_processes["raylet"]  # type: ignore[attr-defined]
    os.kill(raylet.process.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
