"""An event log where a session finds it, and its events as the contract reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from equipoise.cluster.arrow_batches import frames, partition
from equipoise.cluster.given_columns import quoted
from equipoise.cluster.sources import kind_of, rows_at
from equipoise.cluster.telling import telling, told_plainly
from equipoise.contract.eventlog import checked_part, event_columns
from equipoise.errors import Span
from equipoise.experience.document import LogSection
from equipoise.experience.log import MOMENT

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

FILE, BLOCK, AT = "__file", "__block", "__at"  # of a row: its file, the part of it, its place there
IN_ORDER = ("case", "time", FILE, BLOCK, AT)
_NUMBERED = -1  # the block of rows that know their number in the file
_ROWS = 100_000
_SCHEMA = f"""`case` string, activity string, lifecycle string, `time` long, resource string,
    {FILE} string, {BLOCK} long, {AT} long"""


def event_source(session: SparkSession, folder: Path, section: LogSection) -> DataFrame | None:
    """The log's rows where Spark reads them, each with its place; None for a log that this machine
    reads.

    Spark reads Parquet, a folder of files of one format, an address that the session knows and a
    table of the session. One file of another kind on this machine is read here: only the one
    reading of files knows how it is laid out. Raises BadInput as `rows_at` does.
    """
    source, one = section.path, False
    if "://" not in source:
        local = folder / source
        one = local.is_file()
        if one and not _is_parquet(local):
            return None
        if local.exists() or not _is_table(session, source):
            source = str(local)
            if not local.exists():
                return None  # this machine's reading says which name comes near
    with told_plainly("reading the event log"):
        # Parquet is known by its first bytes, whatever it is called
        kind = "parquet" if one else kind_of(session, source, "events")
        return _placed(rows_at(session, source, kind), kind)


def _is_table(session: SparkSession, name: str) -> bool:
    return "/" not in name and bool(session.catalog.tableExists(name))


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _placed(rows: DataFrame, kind: str | None) -> DataFrame:
    """Rows with the places that say in which order they were written."""
    if kind is None:
        return rows
    # a row's number is known of Parquet alone; elsewhere rows of one block follow one another
    block, at = "_metadata.file_block_start", "monotonically_increasing_id()"
    if kind == "parquet":
        block, at = f"{_NUMBERED}L", "_metadata.row_index"
    return rows.selectExpr(
        "*", f"_metadata.file_path AS {FILE}", f"{block} AS {BLOCK}", f"{at} AS {AT}"
    )


def events_of(rows: DataFrame, section: LogSection) -> DataFrame:
    """The events of a DataFrame: case, activity, lifecycle, time (microseconds since 1970, UTC),
    resource and their place. Raises BadInput, and its job does, as `read_event_log` does.

    Rows without places count in the order in which the DataFrame gives them.
    """
    headers = [name for name in rows.columns if name not in (FILE, BLOCK, AT)]
    given = {part: section.columns.get(part) for part in ("case", "activity", "time")}
    given |= {part: section.columns.get(part) for part in ("lifecycle", "resource")}
    sources = event_columns(headers, given, Span(section.path))
    places = (
        [FILE, BLOCK, AT]
        if AT in rows.columns
        else [f"'' AS {FILE}", f"0L AS {BLOCK}", f"monotonically_increasing_id() AS {AT}"]
    )
    types = dict(rows.dtypes)
    columns = []
    for name, source in sources.items():
        # a moment is one whatever the session calls its zone, which Polars may not know
        moment = name == "time" and types[source] == "timestamp"
        read = f"unix_micros({quoted(source)})" if moment else quoted(source)
        columns.append(f"{read} AS {quoted(name)}")
    micros = types[sources["time"]] == "timestamp"
    return rows.selectExpr(*columns, *places).mapInArrow(_reading(micros, section.path), _SCHEMA)


def _reading(micros: bool, log: str) -> Callable[..., Any]:
    @telling
    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for raw, first in frames(batches, _ROWS):
            moment = pl.col("time").cast(MOMENT)
            table = raw.with_columns(moment) if micros else raw
            names = {name: name for name in table.columns if not name.startswith("__")}
            events = checked_part(table, names, _place(raw, first, log))
            placed = events.with_columns(
                pl.col("time").dt.epoch("us"), *(raw[name] for name in (FILE, BLOCK, AT))
            )
            yield from as_batches(placed)

    return read


def _place(raw: pl.DataFrame, first: int, log: str) -> Callable[[int], Span]:
    def place(row: int) -> Span:
        file, block, at = (raw[name][row] for name in (FILE, BLOCK, AT))
        if not file:
            return Span(f"{log}, partition {partition()}", row=first + row)
        return Span(file, row=at + 1) if block == _NUMBERED else Span(file)

    return place


def as_batches(frame: pl.DataFrame) -> Any:
    """A frame of texts and whole numbers as what a worker hands to Spark."""
    import pyarrow as pa

    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    plain = [
        pa.field(each.name, pa.string() if pa.types.is_large_string(each.type) else each.type)
        for each in table.schema
    ]
    return table.cast(pa.schema(plain)).to_batches()
