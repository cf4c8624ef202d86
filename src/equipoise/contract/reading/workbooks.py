"""Sheets of Excel and OpenDocument workbooks, read in a process of their own, under bounds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.contract.reading.footers import footer_of, footer_remark
from equipoise.contract.reading.headers import (
    Header,
    Row,
    filled,
    find_header,
    header_remarks,
    headers_of,
    stated_header,
)
from equipoise.contract.reading.kinds import kind_of
from equipoise.contract.reading.layout import SEEN, Layout, TableLayout
from equipoise.contract.reading.unpacking import workbook_kind
from equipoise.errors import BadInput, Span, did_you_mean

MAX_BYTES = 512 << 20
MAX_UNPACKED = 2 << 30
MAX_CELLS = 50_000_000
MAX_SHEETS = 200
_MEMORY = 8 << 30  # of addresses, of which a reader of 50 million cells uses a part
_SECONDS = 900  # of processor time: a file of the largest size takes a fraction of it
_HEAD_ROWS = 100
_TAIL_ROWS = 60
_CHUNK = 50_000
_MANY_FILLED = 0.8
_READER = Path(__file__).with_name("workbook_process.py")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE = "save the sheet of applications as CSV or Parquet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet's head: its number among all sheets, rows and columns, and its first rows."""

    number: int
    name: str
    visible: bool
    size: tuple[int, int]
    head: tuple[tuple[Any, ...], ...]

    @property
    def rows(self) -> list[Row]:
        """The first rows as text, without empty columns at the right end."""
        texts = [[_text(cell) for cell in cells] for cells in self.head]
        return [(at, cells) for at, cells in enumerate(_trimmed(texts), start=1)]


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet as a table: typed columns where all cells of a column are of one type."""

    layout: Layout
    frame: pl.DataFrame


def read_sheet(
    path: Path, name: str, stated: TableLayout = SEEN, wanted: str = "", column: str = ""
) -> SheetTable:
    """The sheet that is stated or `wanted`, else the likeliest: the largest that has `column`.

    Raises BadInput, calling the file `name`.
    """
    _refuse_locked(path, name)
    sheets = _heads(path, name)
    sheet, said = _chosen(sheets, wanted or stated.sheet, column, name)
    if sheet.size[0] * sheet.size[1] > MAX_CELLS:
        raise BadInput(
            f"sheet '{sheet.name}' reaches over {sheet.size[0]:,} rows and {sheet.size[1]:,} "
            f"columns, more than {MAX_CELLS:,} cells",
            where=Span(name),
            mend=f"delete what is empty below and beside the table, or {_SAVE}",
        )
    rows = sheet.rows
    header = _sheet_header(rows, stated, sheet, name)
    headers = headers_of(header, rows, name)
    layout = Layout(
        "sheet",
        headers,
        header_lines=header.ends,
        header_row=header.line,
        row_names=header.row_names,
        unnamed=header.unnamed,
        sheet=sheet.name,
        given=stated.names,
        remarks=(*said, *header_remarks(header, rows, "row")),
    )
    return _with_rows(layout, _columns(path, sheet, header, name), stated, name)


def sheets_in(path: Path) -> tuple[str, ...]:
    """The names of a workbook's visible sheets that hold something; none of another file. Raises
    BadInput."""
    kind = kind_of(path, str(path))
    if kind != "ole" and not (kind == "zip" and workbook_kind(path, str(path))):
        return ()
    heads = _heads(path, str(path))
    return tuple(e.name for e in heads if e.visible and any(filled(cells) for _, cells in e.rows))


def _heads(path: Path, name: str) -> list[Sheet]:
    sheets: list[Sheet] = []
    with _lines(path, "heads", name) as lines:
        for line in lines:
            if len(sheets) == MAX_SHEETS:
                raise BadInput(
                    f"the workbook has more than {MAX_SHEETS} sheets", where=Span(name), mend=_SAVE
                )
            head = tuple(map(tuple, line["head"]))
            size = (int(line["size"][0]), int(line["size"][1]))
            sheets.append(Sheet(line["number"], line["name"], line["visible"], size, head))
    return sheets


def _chosen(
    sheets: Sequence[Sheet], wanted: str, column: str, name: str
) -> tuple[Sheet, tuple[str, ...]]:
    filled_ones = [sheet for sheet in sheets if any(filled(cells) for _, cells in sheet.rows)]
    if wanted:
        for sheet in sheets:
            if sheet.name == wanted:
                return sheet, (f"sheet '{sheet.name}' was read",)
        raise BadInput(
            f"the workbook has no sheet '{wanted}'",
            where=Span(name),
            field="sheet",
            mend=did_you_mean(wanted, (sheet.name for sheet in sheets)),
        )
    if not filled_ones:
        raise BadInput("the workbook holds no table", where=Span(name), mend="fill a sheet")
    best = max(filled_ones, key=lambda sheet: _likely(sheet, column))
    others = [f"'{sheet.name}'" for sheet in filled_ones if sheet is not best]
    if not others:
        return best, (f"sheet '{best.name}' was read",)
    left = ", ".join(others[:8]) + (f" and {len(others) - 8} more" if len(others) > 8 else "")
    return best, (
        f"sheet '{best.name}' was taken for the table, as the likeliest; left out: {left} (name "
        f"another as FILE/{others[0][1:-1]})",
    )


def _likely(sheet: Sheet, column: str) -> tuple[bool, bool, int]:
    has = bool(column) and any(column == cell.strip() for _, cells in sheet.rows for cell in cells)
    return has, sheet.visible, sheet.size[0] * sheet.size[1]


def _sheet_header(rows: list[Row], stated: TableLayout, sheet: Sheet, name: str) -> Header:
    header = stated_header(rows, stated, name) or find_header(rows, stated.header_row)
    if header is None or not filled(header.names):
        raise BadInput(
            f"row {stated.header_row} of sheet '{sheet.name}' holds no column names"
            if stated.header_row
            else f"sheet '{sheet.name}' has no row of column names",
            where=Span(name),
            mend="mend `layout.header_row` in contract.yaml, or put the names above the rows",
        )
    return header


def _columns(path: Path, sheet: Sheet, header: Header, name: str) -> list[pl.DataFrame]:
    """The cells below the header in chunks of rows, each a frame of typed or text columns."""
    width, chunks, buffer = header.width, [], []
    with _lines(path, str(sheet.number), name) as lines:
        for at, cells in enumerate(lines, start=1):
            if at > header.ends:
                buffer.append((cells + [None] * width)[:width])
            if len(buffer) == _CHUNK:
                chunks.append(_frame(buffer, width))
                buffer = []
    if buffer:
        chunks.append(_frame(buffer, width))
    return chunks


def _frame(rows: list[list[Any]], width: int) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ((),) * width
    return pl.DataFrame([_series(str(at), list(cells)) for at, cells in enumerate(columns)])


def _with_rows(
    layout: Layout, chunks: list[pl.DataFrame], stated: TableLayout, name: str
) -> SheetTable:
    """The table without a footer, rows that are empty, and a note for each of the two."""
    frame = _united(chunks, len(layout.headers))
    empty = frame.select(pl.all_horizontal(pl.all().is_null()).alias("empty"))["empty"]
    tail = frame.tail(_TAIL_ROWS)
    first = layout.header_lines + frame.height - tail.height + 1
    texts = [[_text(cell) for cell in row] for row in tail.rows()]
    size = footer_of(texts, len(layout.headers))
    below = [(first + at, texts[at]) for at in range(len(texts) - size, len(texts))]
    lines = [row for row in below if filled(row[1])]
    if stated.footer_rows is not None and stated.footer_rows != len(lines):
        raise BadInput(
            f"the contract says that the last {stated.footer_rows} rows are a footer, and "
            f"{len(lines)} look like it",
            where=Span(name),
            mend="mend `layout.footer_rows` in contract.yaml; without it a footer is looked for",
        )
    remarks = list(layout.remarks)
    kept = frame.head(frame.height - size)
    gaps = empty.head(kept.height)
    if gaps.any() and kept.height:
        last = kept.height - int(gaps.reverse().arg_min() or 0)  # rows that are empty at the end
        kept, gaps = kept.head(last), gaps.head(last)
        if gaps.any():
            where = layout.header_lines + 1 + int(gaps.arg_max() or 0)
            remarks.append(f"{int(gaps.sum()):,} empty rows (the first is row {where:,}): left out")
            kept = kept.filter(~gaps)
    if lines:
        remarks.append(footer_remark(lines, "row"))
        kept = _retyped(kept)
    named = kept.rename(dict(zip(kept.columns, layout.headers, strict=True)))
    done = replace(layout, footer_rows=len(lines), remarks=tuple(remarks))
    return SheetTable(done, named)


def _united(chunks: list[pl.DataFrame], width: int) -> pl.DataFrame:
    if not chunks:
        return pl.DataFrame({str(at): pl.Series([], dtype=pl.String) for at in range(width)})
    columns = []
    for name in chunks[0].columns:
        parts = [chunk[name] for chunk in chunks]
        kinds = {part.dtype for part in parts if part.dtype != pl.Null}
        if len(kinds) > 1 and not kinds <= {pl.Int64, pl.Float64}:
            parts = [_as_text(part) for part in parts]
        elif len(kinds) > 1:
            parts = [part.cast(pl.Float64) for part in parts]
        elif kinds:
            parts = [part.cast(next(iter(kinds))) for part in parts]
        columns.append(pl.concat(parts).alias(name))
    return pl.DataFrame(columns)


def _series(name: str, cells: list[Any]) -> pl.Series:
    """A column of one type where all cells are of one, else of text."""
    kinds = {type(cell) for cell in cells} - {type(None)}
    if kinds == {bool}:
        return pl.Series(name, cells, dtype=pl.Boolean)
    if kinds == {int}:
        return pl.Series(name, cells, dtype=pl.Int64)
    if kinds in ({float}, {int, float}):
        return pl.Series(name, cells, dtype=pl.Float64)
    if kinds == {dict}:
        return _days(name, [None if cell is None else cell["d"] for cell in cells])
    return pl.Series(name, [_text(cell) or None for cell in cells], dtype=pl.String)


def _days(name: str, texts: list[str | None]) -> pl.Series:
    if all(text is None or len(text) == len("2024-06-30") for text in texts):
        days = [None if text is None else date.fromisoformat(text) for text in texts]
        return pl.Series(name, days, dtype=pl.Date)
    times = [None if text is None else datetime.fromisoformat(text) for text in texts]
    return pl.Series(name, times, dtype=pl.Datetime("us"))


def _retyped(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns that were text for a footer's sake alone, typed by what is left of them."""
    columns = []
    for column in frame.iter_columns():
        numbers = column.cast(pl.Float64, strict=False)
        if column.dtype == pl.String and numbers.null_count() == column.null_count():
            same = pl.Series([_text(each) for each in _cells(numbers)], dtype=pl.String)
            known = column.is_not_null()
            if known.any() and (same.filter(known) == column.filter(known)).all():
                columns.append(_series(column.name, _cells(numbers)))
                continue
        columns.append(column)
    return pl.DataFrame(columns)


def _cells(numbers: pl.Series) -> list[Any]:
    whole = (int(x) if x is not None and x.is_integer() else x for x in numbers.to_list())
    return list(whole)


def _as_text(column: pl.Series) -> pl.Series:
    return pl.Series(column.name, [_text(cell) or None for cell in column], dtype=pl.String)


def _text(cell: Any) -> str:
    """A cell as text: numbers at their shortest, days as ISO writes them."""
    if cell is None:
        return ""
    if isinstance(cell, dict):
        return str(cell["d"])
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1 << 53:
        return str(int(cell))
    return str(cell)


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    width = max(
        (at for cells in rows for at, cell in enumerate(cells, start=1) if cell.strip()), default=0
    )
    return [cells[:width] for cells in rows]


def _refuse_locked(path: Path, name: str) -> None:
    if path.stat().st_size > MAX_BYTES:
        raise BadInput(
            f"the workbook is larger than {MAX_BYTES >> 20:,} MB", where=Span(name), mend=_SAVE
        )
    with path.open("rb") as file:
        old = file.read(4) == b"\xd0\xcf\x11\xe0"
        if old and _ENCRYPTED in path.read_bytes():
            raise _locked(name)


def _locked(name: str) -> BadInput:
    return BadInput(
        "the workbook is protected by a password",
        where=Span(name),
        mend="save it without one, or its sheet as CSV",
    )


@contextmanager
def _lines(path: Path, wanted: str, name: str) -> Iterator[Iterator[Any]]:
    """What the process says of the workbook, line by line."""
    arguments = [str(path), wanted, str(_MEMORY), str(_SECONDS), str(_HEAD_ROWS)]
    search = {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    with subprocess.Popen(  # noqa: S603 - our own file, with the interpreter that runs
        [sys.executable, "-s", str(_READER), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **search},
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            yield _parsed(process.stdout, name)
        except BaseException:
            process.kill()
            raise
        if process.wait() != 0:
            raise BadInput(
                "the workbook asks for more memory or time than a table needs: it is damaged, or "
                "one of its sheets claims cells far beyond its table",
                where=Span(name),
                mend=_SAVE,
            )


def _parsed(lines: Any, name: str) -> Iterator[Any]:
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            return  # the process ended within the line: its exit code says it
        if isinstance(value, dict) and "fault" in value:
            if value["fault"] == "password":
                raise _locked(name)
            raise BadInput(
                f"the workbook cannot be read: {value['fault'][:200]}",
                where=Span(name),
                mend=f"open and save it again, or {_SAVE}",
            )
        yield value
