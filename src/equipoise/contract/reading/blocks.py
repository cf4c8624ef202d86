"""Reading a table a block of rows at a time, so that a large one need not fit in memory whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from equipoise.contract.reading.layout import TableLayout
from equipoise.contract.reading.tables import (
    OpenTable,
    broken_parquet,
    is_regular,
    open_table,
    read_text,
    without_repeats,
)
from equipoise.errors import BadInput, Span, did_you_mean

BLOCK = 1_000_000  # rows


def read_blocks(
    path: Path,
    columns: Sequence[str],
    stated: TableLayout | None = None,
    *,
    rows: int = BLOCK,
) -> Iterator[pl.DataFrame]:
    """The named columns of a table, in blocks of about so many rows, in the file's order.

    Cells are those of `read_table`. Parquet and regular text come block by block, all other tables
    whole. Raises BadInput naming file and column.
    """
    with open_table(path, stated) as table:
        for column in columns:
            if column not in table.layout.named:
                raise BadInput(
                    f"there is no column '{column}'",
                    where=Span(table.name, 1),
                    field=column,
                    mend=did_you_mean(column, table.layout.named),
                )
        chosen = list(dict.fromkeys(columns))
        if table.frame is not None:
            yield table.frame.select(chosen)
        elif table.layout.kind == "parquet":
            yield from _of_parquet(table, chosen, rows)
        elif is_regular(table):
            yield from _of_text(table, chosen, rows)
        else:
            yield without_repeats(read_text(table), table.layout)[0].select(chosen)


def _of_parquet(table: OpenTable, columns: list[str], rows: int) -> Iterator[pl.DataFrame]:
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    try:
        with pq.ParquetFile(table.path) as file:
            for batch in file.iter_batches(rows, columns=columns):
                frame = pl.from_arrow(batch)
                assert isinstance(frame, pl.DataFrame)  # noqa: S101  (a batch is a table)
                yield frame.select(columns)
    except (ArrowException, OSError, ValueError):
        raise broken_parquet(table.name) from None


def _of_text(table: OpenTable, columns: list[str], rows: int) -> Iterator[pl.DataFrame]:
    scanned = pl.scan_csv(
        table.path,
        separator=table.layout.separator,
        has_header=False,
        skip_lines=table.layout.header_lines,
        new_columns=list(table.layout.headers),
        infer_schema=False,
    ).select(columns)
    try:
        for frame in scanned.collect_batches(chunk_size=rows, maintain_order=True):
            yield without_repeats(frame, table.layout)[0]
    except pl.exceptions.PolarsError:  # a stray quote: the slow reader copes, or names the line
        yield without_repeats(read_text(table), table.layout)[0].select(columns)
