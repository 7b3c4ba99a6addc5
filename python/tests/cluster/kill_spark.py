"""Kill a worker of a Spark cluster in the middle of a scan, and count the rows.

    python kill_spark.py PROFILE PHOTOS [--count 2000] [--times 10]

A standalone master and two workers of one core on this machine; one worker and its executor are
killed (SIGKILL) when a share of the photos is done. Exit status 1 where a row is missing or there
twice. Needs Java.
"""

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pyspark
from photos import complete, repeated, wait_for
from pyspark.sql import SparkSession

import sameface
import sameface.spark

LAUNCHER = Path(pyspark.__file__).parent / "bin" / "spark-class"
ENVIRONMENT = os.environ | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}

PARTITIONS = 40


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("profile")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "verify-kill"))
    args = parser.parse_args()
    os.environ.update(ENVIRONMENT)
    paths = repeated(args.photos, args.work / "photos", args.count)
    profile = sameface.Profile.load(args.profile)
    passed = 0
    for number in range(args.times):
        started = time.monotonic()
        problem, killed_at = run(profile, paths, args.work, number)
        took = time.monotonic() - started
        print(f"run {number}: worker killed after {killed_at} files, {problem or 'every photo once'}, {took:.0f} s", flush=True)
        passed += problem is None
    print(f"{passed} of {args.times} passed, {len(paths)} photos each")
    sys.exit(passed != args.times)


def launch(kind: str, log: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    """A daemon of Spark's, in a process group of its own with all that it starts."""
    command = [os.fspath(LAUNCHER), f"org.apache.spark.deploy.{kind}", *arguments]
    with open(log, "wb") as output:
        return subprocess.Popen(command, env=ENVIRONMENT, stdout=output, stderr=output, start_new_session=True)


def end(daemon: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(daemon.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    daemon.wait()


def run(profile: sameface.Profile, paths: list[str], work: Path, seed: int) -> tuple[str | None, int]:
    rows = work / "rows-of-spark"
    shutil.rmtree(rows, ignore_errors=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"spark://127.0.0.1:{port}"
    where = ("--host", "127.0.0.1")
    daemons = [launch("master.Master", work / "master.log", *where, "--port", str(port), "--webui-port", "0")]
    time.sleep(3)
    for name in ("a", "b"):
        folder = os.fspath(work / f"worker-{name}")
        daemons.append(launch("worker.Worker", work / f"worker-{name}.log", *where, "--cores", "1", "--memory", "1g",
                              "--webui-port", "0", "--work-dir", folder, address))
    killed: list[int] = []
    files = int(random.Random(seed).uniform(0.05, 0.7) * PARTITIONS)
    killer = threading.Thread(target=kill, args=(daemons[1 + seed % 2], rows, files, killed))
    try:
        spark = (
            SparkSession.builder.master(address)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.executor.memory", "512m")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "32")
            .getOrCreate()
        )
        spark.sparkContext.setLogLevel("OFF")
        killer.start()
        frame = spark.createDataFrame([(path,) for path in paths], "path string").repartition(PARTITIONS)
        sameface.spark.scan(frame, profile).write.parquet(rows.resolve().as_uri())
        found = [row.photo for row in spark.read.parquet(rows.resolve().as_uri()).select("photo").collect()]
        spark.stop()
    finally:
        killer.join()
        for daemon in daemons:
            end(daemon)
    return complete(paths, found), killed[0]


def kill(worker: "subprocess.Popen[bytes]", rows: Path, files: int, killed: list[int]) -> None:
    """Kill the worker with its executor when so many files have been written."""
    killed.append(wait_for(rows, files))
    os.killpg(worker.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
