"""Reading tables as they are written: CSV as text, Parquet as typed; every fault is named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
from pyarrow import ArrowException

from equipoise.contract.csvlayout import Layout, csv_layout
from equipoise.contract.csvrows import regular_rows
from equipoise.contract.csvscan import check_text, looks_regular
from equipoise.errors import BadInput, Span, did_you_mean

MAX_COLUMNS = 5_000
_PARQUET = b"PAR1"
_KNOWN_BINARY = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "export the sheet as CSV, or unpack it"),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "export the sheet as CSV"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first"),
)


def read_layout(path: Path) -> Layout:
    """How the table is written: its kind, separator and headers. Raises BadInput."""
    head = _head(path)
    if head == _PARQUET:
        return Layout("parquet", tuple(_parquet_headers(path)))
    check_text(path)
    layout = csv_layout(path)
    _few_enough(layout.headers, path)
    return layout


def read_frame(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read a CSV or Parquet table, all of it or the named `columns` in the order named.

    CSV columns stay text, exactly as written and trimmed by nobody (an empty cell is null): only a
    contract knows their types. Raises BadInput naming file and line.
    """
    path = Path(path)
    layout = read_layout(path)
    wanted = _wanted(layout.headers, columns, path)
    frame = _read_parquet(path, wanted) if layout.kind == "parquet" else _read_csv(path, layout)
    if frame.height == 0:
        raise BadInput(
            "the file has a header and no rows", where=Span(str(path)), mend="give it data rows"
        )
    return frame.select(wanted)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except FileNotFoundError:
        beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        raise BadInput(
            "the file does not exist", where=Span(str(path)), mend=did_you_mean(path.name, beside)
        ) from None
    except OSError as error:
        raise BadInput(
            f"the file cannot be read: {error.strerror}",
            where=Span(str(path)),
            mend="name a CSV or Parquet file that you may read",
        ) from None
    if not head:
        raise BadInput("the file is empty", where=Span(str(path)), mend="give a header and rows")
    for magic, what, mend in _KNOWN_BINARY:
        if head.startswith(magic):
            raise BadInput(f"the file is {what}", where=Span(str(path)), mend=mend)
    return head


def _few_enough(headers: Sequence[str], path: Path) -> None:
    if len(headers) > MAX_COLUMNS:
        raise BadInput(
            f"the file has {len(headers):,} columns, more than {MAX_COLUMNS:,}",
            where=Span(str(path), 1),
            mend="keep the columns that describe an application",
        )


def _wanted(headers: Sequence[str], columns: Sequence[str] | None, path: Path) -> list[str]:
    if columns is None:
        return list(headers)
    for column in columns:
        if column not in headers:
            raise BadInput(
                f"there is no column '{column}'",
                where=Span(str(path), 1),
                field=column,
                mend=did_you_mean(column, headers),
            )
    return list(columns)


def _parquet_headers(path: Path) -> list[str]:
    try:
        headers = list(pq.read_schema(path).names)
    except (ArrowException, OSError, ValueError):
        raise _broken_parquet(path) from None
    _few_enough(headers, path)
    repeated = sorted({name for name in headers if headers.count(name) > 1})
    if repeated:
        raise BadInput(
            f"two columns are called '{repeated[0]}'",
            where=Span(str(path)),
            field=repeated[0],
            mend="rename one",
        )
    return headers


def _read_parquet(path: Path, wanted: list[str]) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, columns=wanted)
    except (pl.exceptions.PolarsError, OSError, ValueError):
        raise _broken_parquet(path) from None


def _broken_parquet(path: Path) -> BadInput:
    return BadInput(
        "the Parquet file is cut short or damaged",
        where=Span(str(path)),
        mend="copy or write it again; the end of the file holds its description",
    )


def _read_csv(path: Path, layout: Layout) -> pl.DataFrame:
    width = len(layout.headers)
    if layout.separator != " " and looks_regular(path, layout.separator, width):
        try:
            return _read_fast(path, layout)
        except pl.exceptions.PolarsError:
            pass  # stray quotes: the slow reader copes with them, or names the line
    rows = regular_rows(path, layout.separator, width, layout.header_lines)
    cells = [[cell or None for cell in row] for _, row in rows]
    return pl.DataFrame(cells, schema=dict.fromkeys(layout.headers, pl.String), orient="row")


def _read_fast(path: Path, layout: Layout) -> pl.DataFrame:
    try:
        return pl.read_csv(
            path,
            separator=layout.separator,
            has_header=False,
            skip_lines=layout.header_lines,
            new_columns=list(layout.headers),
            infer_schema=False,
        )
    except pl.exceptions.NoDataError:
        return pl.DataFrame(schema=dict.fromkeys(layout.headers, pl.String))
