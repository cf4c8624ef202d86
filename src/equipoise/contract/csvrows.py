"""CSV row by row: slow, exact, and able to name the line that breaks the file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from equipoise.errors import BadInput, Span

_LONGEST_CELL = 10_000_000


def open_text(path: Path) -> TextIO:
    """The file as UTF-8 text, without its byte order mark, line ends untouched."""
    return path.open(encoding="utf-8-sig", newline="")


def numbered_rows(path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it ends on; a space as separator stands for any run of spaces."""
    with open_text(path) as file:
        if separator == " ":
            yield from ((number, line.split()) for number, line in enumerate(file, start=1))
        else:
            yield from _csv_rows(file, separator, path)


def regular_rows(
    path: Path, separator: str, width: int, skip: int
) -> Iterator[tuple[int, list[str]]]:
    """The rows below line `skip`, each with `width` cells. Raises BadInput naming the line."""
    blank = 0
    odd: tuple[int, int] | None = None
    for line, row in numbered_rows(path, separator):
        if odd:
            raise _ragged(path, *odd, width, last=False)
        if line <= skip:
            continue
        if not row:
            blank = blank or line  # empty lines are harmless at the end of a file only
            continue
        if blank:
            raise BadInput("the line is empty", where=Span(str(path), blank), mend="take it out")
        if len(row) != width:
            odd = (line, len(row))
            continue
        yield line, row
    if odd:
        raise _ragged(path, *odd, width, last=True)


def _csv_rows(file: TextIO, separator: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(file, delimiter=separator, strict=True)
    while True:
        opened = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise _bad_quotes(path, opened, str(error)) from None
        if row is None:
            return
        yield reader.line_num, row


def _bad_quotes(path: Path, line: int, problem: str) -> BadInput:
    where = Span(str(path), line)
    if "unexpected end" in problem:
        return BadInput(
            "the file ends inside a quoted cell that opens here: it is cut short, or a quote is "
            "not closed",
            where=where,
            mend="copy the file again, or close the quote",
        )
    return BadInput(
        f"a quoted cell is not closed properly ({problem})",
        where=where,
        mend='write a quote inside a quoted cell twice: "a ""b"" c"',
    )


def _ragged(path: Path, line: int, cells: int, width: int, *, last: bool) -> BadInput:
    cut = last and cells < width
    mend = "quote cells that hold the separator"
    if cells < width:
        mend = "copy the file again" if cut else "write an empty cell for each missing value"
    return BadInput(
        f"the line has {cells} cells where the header has {width}"
        + (", and the file ends there: it is cut short" if cut else ""),
        where=Span(str(path), line),
        mend=mend,
    )
