"""Search kept embeddings for a person, without the photos."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ._profile import Profile
from ._rows import MODELS
from ._sameface import VerifyError

SCHEMA = pa.schema(
    [pa.field("photo", pa.string()), pa.field("score", pa.float64()), pa.field("verdict", pa.string())]
)


def scan(
    files: "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]", profile: Profile
) -> Iterator[pa.Table]:
    """Score photos whose `embeddings` are in Parquet files: one table for each row group, with the
    `photo`, and the `score` and `verdict` of its best face.

    The files are those that `sameface.ray.scan(..., embeddings=True)` or `sameface.spark.scan` wrote, or
    files with one face in each row, in the column `embedding`. One row group is in memory at a time.
    Photos that could not be read have no embeddings, so they have no score, like photos without a face.

    Raises `VerifyError` if a file names another pack than the profile's. Spark's files do not name
    their pack.
    """
    if isinstance(files, (str, os.PathLike)):
        files = sorted(os.path.join(files, name) for name in os.listdir(files)) if os.path.isdir(
            files
        ) else [files]
    for path in files:
        if not str(path).endswith(".parquet"):
            continue
        with pq.ParquetFile(path) as file:
            made = (file.metadata.metadata or {}).get(MODELS, profile.models.encode()).decode()
            if made != profile.models:
                raise VerifyError(
                    f"{os.fspath(path)}: its embeddings were made with the pack {made} and cannot be compared with "
                    f"those of the profile's pack, {profile.models}; use a profile of the pack {made}"
                )
            kept = "embeddings" if "embeddings" in file.schema_arrow.names else "embedding"
            for group in range(file.num_row_groups):
                yield scored(file.read_row_group(group, columns=["photo", kept]), profile)


def scored(rows: pa.Table, profile: Profile) -> pa.Table:
    """The best face's score and verdict for each row of `embeddings`, or of one `embedding`."""
    column: Any = rows.column(rows.num_columns - 1).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    faces = np.ones(len(rows), np.int64)
    if rows.column_names[-1] == "embeddings":
        faces = np.asarray(column.value_lengths().fill_null(0))
        column = column.flatten()
    values = np.asarray(column.flatten())
    scores = profile.score(values.reshape(-1, profile.dimensions))
    best = np.full(len(rows), np.nan)
    has_face = faces > 0
    starts = (np.cumsum(faces) - faces)[has_face]
    if len(starts):
        best[has_face] = np.maximum.reduceat(scores, starts)
    verdicts = np.where(has_face, profile.verdicts(best), "no-face")
    return pa.table(
        [rows.column("photo"), pa.array(best, mask=~has_face), pa.array(verdicts)], schema=SCHEMA
    )


__all__ = ["SCHEMA", "scan", "scored"]
