"""Find a person in any number of photos with Ray Data."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import ray
from ray.data import ActorPoolStrategy, Dataset

from ._photos import BATCH_SIZE
from ._profile import Profile
from ._rows import named_rows, scanned
from ._runtime import set_threads


class Scanner:
    """An actor, which loads the models once, with the profile to check photos against."""

    def __init__(
        self, profile: Profile, path_column: str, bytes_column: str | None, embeddings: bool
    ) -> None:
        set_threads(1)
        self.profile = profile
        self.path_column, self.bytes_column = path_column, bytes_column
        self.embeddings = embeddings

    def __call__(self, batch: pa.Table) -> pa.Table:
        contents = batch[self.bytes_column].to_pylist() if self.bytes_column else None
        names = batch[self.path_column].to_pylist()
        return scanned(named_rows(names, contents), self.profile, self.embeddings)


def scan(
    photos: "Dataset | Iterable[str]",
    profile: Profile,
    *,
    path_column: str = "path",
    bytes_column: str | None = None,
    embeddings: bool = False,
    actors: int | tuple[int, int] | None = None,
    batch_size: int = BATCH_SIZE,
    **options: Any,
) -> Dataset:
    """Check all `photos` against `profile`: one row for every photo, also for photos that cannot be
    read.

    `photos` is a dataset, or paths that every node of the cluster can read. In a dataset, the
    column `bytes_column` holds the files' bytes, as `ray.data.read_binary_files(...,
    include_paths=True)` gives them from any storage; without it, the workers read the paths in
    `path_column`.

    A row has `photo`, `verdict`, `score`, `probability`, `box`, `faces` (how many), `truncated` and
    `error`; with `embeddings` also `boxes` and `embeddings` of every face, for `sameface.parquet.scan`. A
    row does not depend on the worker that made it.

    All nodes use the profile's pack. If it is a folder, it must be at the same path on every node.

    `actors` processes, each with one core and about 300 MB of memory, load the models once;
    `(least, most)` lets Ray choose the number; the default is one for each core of the cluster. If a
    node fails, Ray Data restarts its actors elsewhere and repeats their batches. `options` are passed
    to Ray's `map_batches`, for example `resources` that only some nodes have.
    """
    if not isinstance(photos, Dataset):
        photos = ray.data.from_arrow(pa.table({path_column: pa.array(photos, pa.string())}))
        photos = photos.repartition(target_num_rows_per_block=batch_size)
    least, most = actors if isinstance(actors, tuple) else (actors, actors)
    if most is None:
        cluster: Any = ray.cluster_resources()  # type: ignore[no-untyped-call]
        least, most = 1, max(1, int(cluster.get("CPU", 1)))
    return photos.map_batches(
        Scanner,
        fn_constructor_args=(profile, path_column, bytes_column, embeddings),
        batch_format="pyarrow",
        batch_size=batch_size,
        num_cpus=1,
        compute=ActorPoolStrategy(min_size=least, max_size=most),
        **options,
    )


__all__ = ["scan"]
