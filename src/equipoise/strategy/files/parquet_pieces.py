"""A Parquet file in frames that fit in memory, however small it was packed.

Its description may promise a million tiny row groups, and a dictionary of one long text may stand
for every row: so texts are read as dictionaries, and written out piece by piece only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from equipoise.errors import BadInput, Span

MOST_FOOTER = 64 << 20  # bytes of the file's own description
MOST_CELL = 1 << 20  # bytes of one text
READ_CELLS = 20_000_000  # cells of a frame
READ_TEXT = 64 << 20  # bytes of a frame's texts
_READ_BYTES = 512 << 20  # of one read, as the file describes itself
_SHARED_PREFIXES = "DELTA_BYTE_ARRAY"
_MAGIC, _TAIL = b"PAR1", 8


def parquet_frames(path: Path, name: str, rows: int) -> Iterator[pl.DataFrame]:
    """The table in order, in frames of at most `rows` rows and about `READ_TEXT` bytes of text.

    Tiny row groups are put together. Raises BadInput, naming what is too large, and pyarrow's own
    errors where the file is damaged.
    """
    refuse_long_footer(path, name)
    metadata = pq.read_metadata(path)
    schema = metadata.schema.to_arrow_schema()
    _refuse_shared_prefixes(metadata, name)
    _refuse_nested(schema, name)
    texts = [each.name for each in schema if _is_text(each.type)]
    file = pq.ParquetFile(path, metadata=metadata, read_dictionary=texts)
    rows = max(1, min(rows, READ_CELLS // max(1, len(schema))))
    waiting: list[pa.RecordBatch] = []
    count, filled = 0, 0
    for batch in file.iter_batches(batch_size=_rows_at_once(metadata, schema, rows)):
        _refuse_long_texts(batch, name)
        for part, bytes_ in _fitting(batch, READ_TEXT):
            if waiting and (count + part.num_rows > rows or filled + bytes_ > READ_TEXT):
                yield _frame(waiting, schema)
                waiting, count, filled = [], 0, 0
            waiting.append(part)
            count, filled = count + part.num_rows, filled + bytes_
    if waiting:
        yield _frame(waiting, schema)


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def refuse_long_footer(path: Path, name: str) -> None:
    """Raises BadInput where the file's own description is longer than is read: it comes into memory
    whole."""
    with path.open("rb") as file:
        file.seek(-min(_TAIL, path.stat().st_size), 2)
        tail = file.read(_TAIL)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] == _MAGIC and length > MOST_FOOTER:
        raise BadInput(
            f"the Parquet file's description has {length:,} bytes; {MOST_FOOTER:,} are the most",
            where=Span(name),
            mend="write it with larger row groups, or fewer columns",
        )


def _refuse_shared_prefixes(metadata: pq.FileMetaData, name: str) -> None:
    # a few bytes of it may stand for a long text each, which shows only once it is written out
    for group in range(metadata.num_row_groups):
        for place in range(metadata.num_columns):
            column = metadata.row_group(group).column(place)
            if _SHARED_PREFIXES in column.encodings:
                raise BadInput(
                    f"the Parquet file is encoded as {_SHARED_PREFIXES}, which is not read",
                    where=Span(name),
                    field=column.path_in_schema,
                    mend="write it with the plain or the dictionary encoding",
                )


def _refuse_nested(schema: pa.Schema, name: str) -> None:
    for field in schema:
        if pa.types.is_nested(field.type):
            raise BadInput(
                f"the column '{field.name:.60}' holds lists or objects, where one value is wanted",
                where=Span(name),
                field=field.name,
                mend="leave the column out",
            )


def _rows_at_once(metadata: pq.FileMetaData, schema: pa.Schema, rows: int) -> int:
    """How many rows are read together, by what the fullest row group says of itself."""
    groups = [metadata.row_group(each) for each in range(metadata.num_row_groups)]
    packed = max((each.total_byte_size / max(1, each.num_rows) for each in groups), default=0.0)
    fixed = sum(each.type.byte_width for each in schema if pa.types.is_fixed_size_binary(each.type))
    return max(1, min(rows, int(_READ_BYTES / max(1.0, packed, fixed))))


def _is_text(kind: pa.DataType) -> bool:
    types = pa.types
    kinds = (types.is_string, types.is_binary, types.is_large_string, types.is_large_binary)
    return any(bool(each(kind)) for each in kinds)


def _is_packed_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind) and _is_text(kind.value_type))


def _fitting(batch: pa.RecordBatch, size: int) -> Iterator[tuple[pa.RecordBatch, int]]:
    """The batch, cut where its texts, written out, are more than `size` bytes; each part with the
    bytes of its own."""
    bytes_ = _written_out(batch)
    if batch.num_rows <= 1 or bytes_ <= size:
        yield batch, bytes_
        return
    middle = batch.num_rows // 2
    yield from _fitting(batch.slice(0, middle), size)
    yield from _fitting(batch.slice(middle), size)


def _refuse_long_texts(batch: pa.RecordBatch, name: str) -> None:
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if not _is_packed_text(field.type) or not len(column.dictionary):
            continue
        longest = pc.max(pc.binary_length(column.dictionary)).as_py() or 0
        if longest > MOST_CELL:
            raise BadInput(
                f"a text has {longest:,} bytes; {MOST_CELL:,} at most are read",
                where=Span(name),
                field=field.name,
                mend="leave the column out, or shorten it",
            )


def _written_out(batch: pa.RecordBatch) -> int:
    """Bytes of the batch's texts once each row has its own."""
    total = 0
    for column in batch.columns:
        if _is_packed_text(column.type):
            lengths = pc.binary_length(column.dictionary)
            total += pc.sum(lengths.take(column.indices)).as_py() or 0
    return total


def _frame(parts: list[pa.RecordBatch], schema: pa.Schema) -> pl.DataFrame:
    table = pa.Table.from_batches([_plain(each, schema) for each in parts], schema)
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - of a table
    return frame


def _plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        column if column.type == field.type else column.cast(field.type)
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
