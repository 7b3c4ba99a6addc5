"""Photos for the runs on clusters: those of a folder, repeated under names of their own, each made
different by eight bytes at its end."""

import os
import struct
import sys
import time
from itertools import cycle, islice
from pathlib import Path


def repeated(source: Path, target: Path, count: int) -> list[str]:
    """The paths of `count` photos in `target`, made where they are not there yet."""
    target.mkdir(parents=True, exist_ok=True)
    originals = sorted(source.rglob("*.jpg"))
    if not originals:
        sys.exit(f"{source}: no photos there")
    paths = []
    for number, original in enumerate(islice(cycle(originals), count)):
        path = target / f"{number:07}.jpg"
        if not path.exists():
            path.write_bytes(original.read_bytes() + struct.pack("<Q", number))
        paths.append(os.fspath(path.resolve()))
    return paths


def wait_for(rows: Path, files: int, seconds: float = 600.0) -> int:
    """Wait until so many files of rows have been written, finished or not; how many there are."""
    end = time.monotonic() + seconds
    while (found := sum(1 for _ in rows.rglob("*.parquet"))) < files and time.monotonic() < end:
        time.sleep(0.1)
    return found


def complete(paths: list[str], rows: list[str]) -> str | None:
    """What is wrong with the rows' photos: each must be there, and once."""
    missing, twice = set(paths) - set(rows), len(rows) - len(set(rows))
    if missing or twice or len(rows) != len(paths):
        return f"{len(paths)} photos, {len(rows)} rows, {len(missing)} missing, {twice} twice"
    return None
