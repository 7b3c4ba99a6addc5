"""One row for every photo: the results of `sameface.ray` and `sameface.spark`."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from ._photos import BATCH_SIZE, Named, analysed
from ._profile import Profile
from ._report import Check

BOX = pa.list_(pa.float32(), 4)

COLUMNS = [
    pa.field("photo", pa.string(), nullable=False),
    pa.field("verdict", pa.string(), nullable=False),
    pa.field("score", pa.float64()),
    pa.field("probability", pa.float64()),
    pa.field("box", BOX),
    pa.field("faces", pa.int32(), nullable=False),
    pa.field("truncated", pa.bool_(), nullable=False),
    pa.field("error", pa.string()),
]
"""The verdict, the score, the probability and the box are the best face's; see `sameface.Check`."""

MODELS = b"verify.models"
"""The metadata key under which a table, and its Parquet file, names the pack of its embeddings; the
command `verify embed` writes the same key."""


def schema(profile: Profile, embeddings: bool) -> pa.Schema:
    """The columns; with `embeddings` also every face in the photo, the largest first, to search for
    other people of the same pack later."""
    if not embeddings:
        return pa.schema(COLUMNS)
    embedding = pa.list_(pa.float32(), profile.dimensions)
    kept = [pa.field("boxes", pa.list_(BOX)), pa.field("embeddings", pa.list_(embedding))]
    return pa.schema(COLUMNS + kept, metadata={MODELS: profile.models.encode()})


def named_rows(photos: Iterable[Any], contents: Iterable[Any] | None) -> Iterator[Named]:
    """The photos of a batch: their paths, or their names and the bytes of each."""
    if contents is None:
        yield from ((str(path), str(path)) for path in photos)
        return
    for name, content in zip(photos, contents, strict=True):
        # A row without bytes is a photo that cannot be read.
        yield str(name), bytes(content) if content is not None else b""


def scanned(photos: Iterable[Named], profile: Profile, embeddings: bool) -> pa.Table:
    """One row for each photo, in their order, also for photos that cannot be read."""
    fields, person = schema(profile, embeddings), profile._person
    columns: dict[str, list[Any]] = {name: [] for name in fields.names}
    for seen in analysed(photos, person.pack, person, batch_size=BATCH_SIZE):
        check = Check.from_json(seen.report or "")
        best = check.faces[0].box if check.faces else None
        row: list[Any] = [check.photo, check.verdict, check.score, check.probability]
        row += [best, len(check.faces), check.truncated, check.error]
        if embeddings:
            row += [list(seen.boxes), list(seen.embeddings)]
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    for name in ("boxes", "embeddings") if embeddings else ():
        columns[name] = _nested(columns[name], fields.field(name).type.value_type)
    return pa.table(columns, schema=fields)


def _nested(photos: list[list[Any]], item: pa.DataType) -> Any:
    """A list of arrays for each photo, as one Arrow array."""
    rows = [row for photo in photos for row in photo]
    values = np.concatenate([np.empty(0, np.float32), *rows])
    offsets = np.cumsum([0, *map(len, photos)], dtype=np.int32)
    return pa.ListArray.from_arrays(
        offsets, pa.FixedSizeListArray.from_arrays(pa.array(values), item.list_size)
    )
