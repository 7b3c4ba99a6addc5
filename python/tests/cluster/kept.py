"""Time the scoring of kept embeddings: made-up unit vectors in Parquet files of a million.

    python kept.py PROFILE FOLDER [--millions 10] [--threads 2]

Prints what reading and decoding take, and what scoring takes, apart from one another.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import sameface
from sameface.parquet import scored

MILLION, GROUP = 1_000_000, 62_500


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("profile")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--millions", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    profile = sameface.Profile.load(args.profile)
    width = profile.dimensions
    files = [made(args.folder, number, width) for number in range(args.millions)]
    sameface.set_threads(args.threads)
    pa.set_cpu_count(args.threads)
    read, score = Spent(), Spent()
    rows = 0
    for path in files:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                with read:
                    table = file.read_row_group(group, columns=["photo", "embedding"])
                with score:
                    rows += len(scored(table, profile))
    print(f"{rows} embeddings, {args.threads} threads; reading and decoding: {read}; scoring: {score}")


class Spent:
    """Seconds spent in one kind of work, by the clock and by the processors."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    def __enter__(self) -> None:
        self.wall -= time.monotonic()
        self.cpu -= time.process_time()

    def __exit__(self, *_: object) -> None:
        self.wall += time.monotonic()
        self.cpu += time.process_time()

    def __str__(self) -> str:
        return f"{self.wall:.1f} s ({self.cpu:.1f} of CPU)"


def made(folder: Path, number: int, width: int) -> Path:
    """A file of a million unit vectors of `width` numbers, the same for the same number."""
    path = folder / f"{number:04}.parquet"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(number)
    with pq.ParquetWriter(path, schema(width), use_dictionary=["photo"], compression="none") as writer:
        for start in range(0, MILLION, GROUP):
            rows = random.standard_normal((GROUP, width), np.float32)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            column = pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), width)
            names = [f"{number}/{row}.jpg" for row in range(start, start + GROUP)]
            writer.write_table(pa.table([pa.array(names), column], schema=schema(width)), row_group_size=GROUP)
    return path


def schema(width: int) -> pa.Schema:
    embedding = pa.list_(pa.float32(), width)
    return pa.schema([("photo", pa.string()), ("embedding", embedding)])


if __name__ == "__main__":
    main()
