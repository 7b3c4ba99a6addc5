"""Find a person in any number of photos with Spark."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DoubleType,
    FloatType,
    IntegerType,
    StringType,
    StructField,
    StructType,
)

from ._profile import Profile
from ._rows import named_rows, scanned
from ._runtime import set_threads


def scan(
    photos: DataFrame,
    profile: Profile,
    *,
    path_column: str = "path",
    bytes_column: str | None = None,
    embeddings: bool = False,
) -> DataFrame:
    """Check all `photos` against `profile`: one row for every photo, also for photos that cannot be
    read.

    The column `bytes_column` holds the files' bytes, as `spark.read.format("binaryFile")` gives them
    in `content`; without it, the workers read the paths in `path_column`. The rows are those of
    `sameface.ray.scan`. A pack that is a folder must be at the same path on every node.

    Every Python worker of Spark, one for each core of an executor, loads the models once and keeps
    them. `spark.sql.execution.arrow.maxRecordsPerBatch` sets how many photos it gets at a time.
    """
    columns = [path_column, bytes_column] if bytes_column else [path_column]
    schema = _schema(embeddings)
    work = _Worker(profile, path_column, bytes_column, embeddings)
    return photos.select(*columns).mapInArrow(work, schema)


class _Worker:
    """The work of a Python worker; the profile is sent as its file's bytes and fitted there."""

    def __init__(
        self, profile: Profile, path_column: str, bytes_column: str | None, embeddings: bool
    ) -> None:
        self.profile = profile
        self.path_column, self.bytes_column = path_column, bytes_column
        self.embeddings = embeddings

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        set_threads(1)
        for batch in batches:
            contents = batch[self.bytes_column].to_pylist() if self.bytes_column else None
            names = batch[self.path_column].to_pylist()
            table = scanned(named_rows(names, contents), self.profile, self.embeddings)
            yield from table.cast(_without_sizes(table.schema)).to_batches()


def _without_sizes(schema: pa.Schema) -> pa.Schema:
    """The schema with lists of any size: Spark has no lists of a fixed size."""

    def plain(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
            return pa.list_(plain(kind.value_type))
        return kind

    return pa.schema([field.with_type(plain(field.type)) for field in schema])


def _schema(embeddings: bool) -> StructType:
    floats: Any = ArrayType(FloatType(), False)
    columns = [
        StructField("photo", StringType(), False),
        StructField("verdict", StringType(), False),
        StructField("score", DoubleType()),
        StructField("probability", DoubleType()),
        StructField("box", floats),
        StructField("faces", IntegerType(), False),
        StructField("truncated", BooleanType(), False),
        StructField("error", StringType()),
    ]
    if embeddings:
        columns += [StructField(name, ArrayType(floats, False)) for name in ("boxes", "embeddings")]
    return StructType(columns)


__all__ = ["scan"]
