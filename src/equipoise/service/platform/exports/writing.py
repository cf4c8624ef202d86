"""Rows as a file: CSV that no spreadsheet runs, or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

Value = str | int | float | bool | datetime | date | None
Row = Sequence[Value]
# What a spreadsheet takes for a formula at the head of a cell: OWASP's list, with the wide forms
# that a Chinese keyboard writes.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_AT_ONCE = 10_000  # rows of a group in a Parquet file


class Format(StrEnum):
    """What a file may be."""

    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the name that stands above it, and the type of what stands in it."""

    name: str
    kind: type = str


def guarded(text: str) -> str:
    """The text as a cell that is a text for every spreadsheet, too: where one would run it, a quote
    mark stands before it."""
    runs = text[:1] in _FORMULA or text.lstrip()[:1] in _FORMULA
    return f"'{text}" if runs else text


def write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """UTF-8 with its mark, so that spreadsheets read Chinese; moments in UTC."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([guarded(each.name) for each in columns])
        writer.writerows([_cell(value) for value in row] for row in rows)


def write_parquet(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """The same rows in their types; a text is as it is, for nothing runs it."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {
        str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(),
        date: pa.date32(), datetime: pa.timestamp("us", tz="UTC"),
    }  # fmt: skip
    schema = pa.schema([(each.name, kinds[each.kind]) for each in columns])
    with parquet.ParquetWriter(path, schema) as writer:
        for piece in _pieces(rows):
            turned = zip(*piece, strict=True)
            arrays = [pa.array(v, f.type) for v, f in zip(turned, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


WRITERS: Mapping[Format, Callable[[Path, Sequence[Column], Iterable[Row]], None]] = {
    Format.CSV: write_csv,
    Format.PARQUET: write_parquet,
}


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else repr(value)


def _pieces(rows: Iterable[Row]) -> Iterator[list[Any]]:
    left = iter(rows)
    while piece := list(islice(left, _AT_ONCE)):
        yield piece
