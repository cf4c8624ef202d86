"""CSV row by row: slow, exact, and able to name the line that breaks the file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from equipoise.errors import BadInput, Span

_LONGEST_CELL = 10_000_000


@dataclass(frozen=True, slots=True)
class Text:
    """A UTF-8 text file with line feeds; `name` is what errors call it."""

    path: Path
    name: str

    def open(self) -> TextIO:
        """The text without its byte order mark, line ends untouched."""
        return self.path.open(encoding="utf-8-sig", newline="")

    def at(self, line: int) -> Span:
        """The place of a line."""
        return Span(self.name, line)


def loose_rows(lines: Iterable[str], separator: str, first: int = 1) -> list[tuple[int, list[str]]]:
    """Rows of a piece of text with the line each ends on; a fault in the quotes ends them."""
    if separator == " ":
        return [(number, spaced(line)) for number, line in enumerate(lines, start=first)]
    csv.field_size_limit(_LONGEST_CELL)
    reader, rows = csv.reader(lines, delimiter=separator), []
    try:
        for row in reader:
            rows.append((first - 1 + reader.line_num, row))  # noqa: PERF401 - what was read counts
    except csv.Error:
        pass
    return rows


def spaced(line: str) -> list[str]:
    """The cells of a line that runs of spaces separate; quotes hold spaces together."""
    if '"' not in line:
        return line.split()
    try:
        cells = next(csv.reader([line.strip()], delimiter=" ", skipinitialspace=True), [])
    except csv.Error:
        return line.split()
    return [cell for cell in cells if cell] if "  " in line and '""' not in line else cells


def regular_rows(
    text: Text, separator: str, width: int, skip: int
) -> Iterator[tuple[int, list[str]]]:
    """The rows below line `skip`, each with `width` cells. Raises BadInput naming the line."""
    blank = 0
    odd: tuple[int, int] | None = None
    for line, row in _rows_below(text, separator, skip):
        if odd:
            raise _ragged(text, *odd, width, last=False)
        if not row:
            blank = blank or line  # empty lines are harmless at the end of a file only
            continue
        if blank:
            raise BadInput("the line is empty", where=text.at(blank), mend="take it out")
        if len(row) != width:
            odd = (line, len(row))
            continue
        yield line, row
    if odd:
        raise _ragged(text, *odd, width, last=True)


def _rows_below(text: Text, separator: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    with text.open() as file:
        for _ in range(skip):
            file.readline()
        if separator == " ":
            yield from ((number, spaced(line)) for number, line in enumerate(file, start=skip + 1))
        else:
            yield from _csv_rows(file, separator, text, skip)


def _csv_rows(
    file: TextIO, separator: str, text: Text, skip: int
) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(file, delimiter=separator, strict=True)
    while True:
        opened = skip + reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise _bad_quotes(text.at(opened), str(error)) from None
        if row is None:
            return
        yield skip + reader.line_num, row


def _bad_quotes(where: Span, problem: str) -> BadInput:
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


def _ragged(text: Text, line: int, cells: int, width: int, *, last: bool) -> BadInput:
    cut = last and cells < width
    mend = "quote cells that hold the separator"
    if cells < width:
        mend = "copy the file again" if cut else "write an empty cell for each missing value"
    return BadInput(
        f"the line has {cells} cells where the header has {width}"
        + (", and the file ends there: it is cut short" if cut else ""),
        where=text.at(line),
        mend=mend,
    )
