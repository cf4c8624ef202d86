"""Reading tables as they are written: text as text, Parquet and sheets as typed; faults by name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from equipoise.contract.reading.csvlayout import csv_table
from equipoise.contract.reading.csvrows import Text, regular_rows
from equipoise.contract.reading.csvscan import ends_in_returns, looks_regular, offset_of
from equipoise.contract.reading.encodings import as_utf8, encoding_of, with_line_feeds
from equipoise.contract.reading.kinds import kind_of
from equipoise.contract.reading.layout import SEEN, UTF8, Layout, TableLayout
from equipoise.contract.reading.unpacking import (
    located,
    refuse_beyond,
    unpacked,
    unpacked_member,
    workbook_kind,
)
from equipoise.contract.reading.workbooks import MAX_UNPACKED, read_sheet
from equipoise.errors import BadInput, Span, did_you_mean

MAX_COLUMNS = 5_000
_PACKED = ("gzip", "bzip2", "xz", "zstd")
_MOST_REPEATS = 3
_COPIED = 1 << 20


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table whose file has been found, unpacked and looked at.

    `path` is what is to be read: the file itself, or a temporary one that is UTF-8 with line feeds
    and ends with the last row. `name` is what errors call it. A sheet is read whole: `frame`.
    """

    path: Path
    name: str
    layout: Layout
    frame: pl.DataFrame | None = None

    @property
    def text(self) -> Text:
        """The rows as text."""
        return Text(self.path, self.name)


class _Scratch:
    """A temporary folder that is made when the first file in it is asked for."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._folder: Path | None = None

    def file(self, name: str) -> Path:
        """A path in the folder."""
        if self._folder is None:
            made = tempfile.TemporaryDirectory(prefix="equipoise-table-")
            self._folder = Path(self._stack.enter_context(made))
        return self._folder / name


@contextmanager
def open_table(
    path: Path | str, stated: TableLayout | None = None, column: str = ""
) -> Iterator[OpenTable]:
    """Find, unpack and look at a table, for as long as the block lasts.

    `path` may go on into a file: FILE.zip/loans.csv, FILE.xlsx/Sheet. `stated` is what the contract
    says of the layout, and `column` one that the table has, to choose among sheets by. Raises
    BadInput for what is no table, for what does not fit, and beyond the bounds of size.
    """
    with ExitStack() as stack:
        yield _opened(Path(path), _Scratch(stack), stated or SEEN, column)


def read_layout(path: Path, stated: TableLayout | None = None) -> Layout:
    """How the table is written. Raises BadInput."""
    with open_table(path, stated) as table:
        return table.layout


def read_frame(
    path: Path | str,
    columns: Sequence[str] | None = None,
    *,
    stated: TableLayout | None = None,
) -> pl.DataFrame:
    """Read a table, all of it or the named `columns` in the order named; see `read_table`."""
    frame, layout = read_table(path, stated)
    return frame.select(_wanted(layout.named, columns, Path(path)))


def read_table(
    path: Path | str, stated: TableLayout | None = None, column: str = ""
) -> tuple[pl.DataFrame, Layout]:
    """Read a whole table, and how it was written; the arguments are those of `open_table`.

    Columns of text stay as written and trimmed by nobody (an empty cell is null): only a contract
    knows their types. Columns of Parquet and of sheets come typed. Raises BadInput naming file and
    line.
    """
    with open_table(path, stated, column) as table:
        layout = table.layout
        if table.frame is not None:
            frame = table.frame
        elif layout.kind == "parquet":
            frame = _read_parquet(table)
        else:
            frame, said = without_repeats(read_text(table), layout)
            layout = replace(layout, remarks=(*layout.remarks, *said))
        if frame.height == 0:
            raise BadInput(
                "the file has a header and no rows",
                where=Span(table.name, layout.header_row or None),
                mend="give it data rows",
            )
        return without_unnamed(frame, layout), layout


def without_unnamed(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The table without columns at the right end that have neither a name nor a value."""
    empty = [name for name in layout.headers[len(layout.named) :] if _is_empty(frame[name])]
    return frame.drop(empty) if empty else frame


def _is_empty(column: pl.Series) -> bool:
    return column.null_count() == column.len()


def without_repeats(frame: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows without those that repeat the header, as files joined end to end have them, and
    what to say of them."""
    names = layout.named
    if not frame.height or not names or frame[names[-1]].dtype != pl.String:
        return frame, ()
    same = frame[names[-1]].str.strip_chars() == names[-1]
    if not same.any():
        return frame, ()
    for name in names[1 if layout.row_names else 0 :]:
        if not name.startswith("column_"):
            same = same & (frame[name].str.strip_chars() == name)
    same = same.fill_null(value=False)
    if not same.any():
        return frame, ()
    rows = [f"{row + 1:,}" for row in same.arg_true()[:_MOST_REPEATS]]
    more = int(same.sum()) - len(rows)
    listed = ", ".join(rows) + (f" and {more:,} more" if more else "")
    said = f"row {listed} repeats the header: left out"
    if len(rows) > 1:
        said = f"rows {listed} repeat the header: left out"
    return frame.filter(~same), (said,)


def _opened(given: Path, scratch: _Scratch, stated: TableLayout, column: str) -> OpenTable:
    path, member = located(given)
    name, remarks = str(given), []
    kind = kind_of(path, name)
    if kind in _PACKED:
        _no_member(member, path, name)
        inside = scratch.file("unpacked")
        unpacked(path, kind, inside, name)
        path, kind = inside, kind_of(inside, name)
    elif kind == "zip" and not workbook_kind(path, name):
        inside = scratch.file("unpacked")
        inner, remark = unpacked_member(path, member, inside, str(path))
        name = name if member else f"{path}/{inner}"
        remarks += [remark] if remark else []
        path, kind, member = inside, kind_of(inside, name), ""
    if kind in _PACKED or (kind == "zip" and not workbook_kind(path, name)):
        raise BadInput(
            "the file is packed twice", where=Span(name), mend="unpack it once, and give that"
        )
    if kind in ("zip", "ole"):
        table = _workbook(path, name, stated, member, column)
    elif kind == "parquet":
        _no_member(member, path, name)
        table = OpenTable(path, name, Layout("parquet", tuple(_parquet_headers(path, name))))
    else:
        _no_member(member, path, name)
        table = _text(path, name, scratch, stated)
    _few_enough(table.layout.headers, name)
    return replace(table, layout=replace(table.layout, remarks=(*remarks, *table.layout.remarks)))


def _no_member(member: str, path: Path, name: str) -> None:
    if member:
        raise BadInput(
            f"'{path.name}' is neither a zip archive nor a workbook, so there is no '{member}' in "
            "it",
            where=Span(name),
            mend=f"give {path}",
        )


def _workbook(path: Path, name: str, stated: TableLayout, member: str, column: str) -> OpenTable:
    with path.open("rb") as file:
        packed = file.read(2) == b"PK"
    if packed:
        refuse_beyond(path, MAX_UNPACKED, name)
    sheet = read_sheet(path, name, stated, member, column)
    return OpenTable(path, name, sheet.layout, sheet.frame)


def _text(path: Path, name: str, scratch: _Scratch, stated: TableLayout) -> OpenTable:
    encoding = encoding_of(path, name, stated.encoding)
    said = [encoding.remark] if encoding.remark else []
    if encoding.name != UTF8:
        plain = scratch.file("text")
        as_utf8(path, encoding.name, plain, name)
        path = plain
    elif ends_in_returns(path):
        plain = scratch.file("text")
        with_line_feeds(path, plain)
        path = plain
        said.append("lines end in a carriage return alone")
    table = csv_table(Text(path, name), stated)
    if table.ends is not None:
        path = _cut(path, table.ends, scratch.file("rows"))
    remarks = (*said, *table.layout.remarks)
    return OpenTable(path, name, replace(table.layout, encoding=encoding.name, remarks=remarks))


def _cut(path: Path, ends: int, target: Path) -> Path:
    """The text's beginning, as a file of its own."""
    with path.open("rb") as source, target.open("wb") as copy:
        while ends > 0 and (piece := source.read(min(_COPIED, ends))):
            copy.write(piece)
            ends -= len(piece)
    return target


def _few_enough(headers: Sequence[str], name: str) -> None:
    if len(headers) > MAX_COLUMNS:
        raise BadInput(
            f"the file has {len(headers):,} columns, more than {MAX_COLUMNS:,}",
            where=Span(name, 1),
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


def _parquet_headers(path: Path, name: str) -> list[str]:
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    try:
        headers = list(pq.read_schema(path).names)
    except (ArrowException, OSError, ValueError):
        raise broken_parquet(name) from None
    repeated = sorted({each for each in headers if headers.count(each) > 1})
    if repeated:
        raise BadInput(
            f"two columns are called '{repeated[0]}'",
            where=Span(name),
            field=repeated[0],
            mend="rename one",
        )
    return headers


def _read_parquet(table: OpenTable) -> pl.DataFrame:
    try:
        return pl.read_parquet(table.path, columns=list(table.layout.headers))
    except (pl.exceptions.PolarsError, OSError, ValueError):
        raise broken_parquet(table.name) from None


def broken_parquet(name: str) -> BadInput:
    """What is said of a Parquet file that does not read to its end."""
    return BadInput(
        "the Parquet file is cut short or damaged",
        where=Span(name),
        mend="copy or write it again; the end of the file holds its description",
    )


def is_regular(table: OpenTable) -> bool:
    """Whether a text can be read fast: every row has as many cells, and every quote is closed."""
    layout = table.layout
    if layout.separator == " ":
        return False
    below = offset_of(table.path, layout.header_lines)
    return looks_regular(table.path, layout.separator, len(layout.headers), below)


def read_text(table: OpenTable) -> pl.DataFrame:
    """The rows of a text as they stand, headers that repeat among them. Raises BadInput."""
    layout = table.layout
    if is_regular(table):
        try:
            return _read_fast(table)
        except pl.exceptions.PolarsError:
            pass  # stray quotes: the slow reader copes with them, or names the line
    rows = regular_rows(table.text, layout.separator, len(layout.headers), layout.header_lines)
    cells = [[cell or None for cell in row] for _, row in rows]
    return pl.DataFrame(cells, schema=dict.fromkeys(layout.headers, pl.String), orient="row")


def _read_fast(table: OpenTable) -> pl.DataFrame:
    headers = table.layout.headers
    try:
        return pl.read_csv(
            table.path,
            separator=table.layout.separator,
            has_header=False,
            skip_lines=table.layout.header_lines,
            new_columns=list(headers),
            infer_schema=False,
        )
    except pl.exceptions.NoDataError:
        return pl.DataFrame(schema=dict.fromkeys(headers, pl.String))
