"""Where a table's column names stand, among notes above them and rows below; texts and sheets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.contract.reading.layout import TableLayout
from equipoise.errors import BadInput, Span

NUMBER = re.compile(
    r"\s*[-+]?[€$£¥]?\s*\d[\d.,' \xa0\u202f]*([eE][-+]?\d+)?\s*[%€$£¥]?\s*"
    r"|\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T][\d:.+Z-]+)?\s*"
)
_DIGITS = re.compile(r"\d+")
_RULE = re.compile(r"\s*[-+=|:\s_]*-{2,}[-+=|:\s_]*")
SEPARATOR_LINE = re.compile(r'\s*"?sep=(.)"?\s*', re.I)
_BLANK_NAMES = 0.2
_BELOW = 50
_THIRD = 3
_SMALL = 3  # columns: fewer tell little of what a row is

Row = tuple[int, Sequence[str]]  # the line or sheet's row that it ends in, and its cells


@dataclass(frozen=True, slots=True)
class Header:
    """Where the names stand among the sampled rows, and how they stand over the cells below.

    `at` counts the sampled rows from 0 and `line` is the file's; the data begin below line `ends`.
    `names` has one name for each cell of a row, '' where none is given; `unnamed` counts those at
    the right end that have none. `stated` tells that a contract says so: nothing was looked for.
    """

    at: int
    line: int
    ends: int
    names: tuple[str, ...]
    row_names: bool
    unnamed: int
    stated: bool = False

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.names)


class NoHeader(BadInput):
    """Data stand where the names should be; `rows` are the first of them."""

    def __init__(self, rows: Sequence[Sequence[str]], where: Span) -> None:
        self.rows = tuple(map(tuple, rows))
        super().__init__(
            "the first line looks like data, not like column names",
            where=where,
            mend="put a line with the column names on top, or state them: `layout: {header_row: 0, "
            "names: [...]}`",
        )


def filled(cells: Sequence[str]) -> int:
    """How many cells are not blank."""
    return sum(bool(cell.strip()) for cell in cells)


def usual_width(rows: Sequence[Row]) -> int:
    """How many cells most rows have; 0 where there is none."""
    counts = Counter(len(cells) for _, cells in rows if filled(cells))
    return max(counts, key=lambda width: (counts[width], width)) if counts else 0


def find_header(rows: Sequence[Row], stated: int | None = None) -> Header | None:
    """The header among the first rows; `stated` says in which line. None where no row is one."""
    width = usual_width(rows)
    for at, (line, cells) in enumerate(rows):
        if line == stated or (stated is None and _may_be_header(rows, at, width)):
            return _header(rows, at, line, cells, width)
    if stated is None:
        for at, (line, cells) in enumerate(rows):
            if filled(cells) and len(cells) == width:
                return _header(rows, at, line, cells, width)
    return None


def stated_header(rows: Sequence[Row], stated: TableLayout, name: str) -> Header | None:
    """The header that a contract states: names of its own, or no names at all; None where it leaves
    them to the file. Raises BadInput where rows have more or fewer cells than there are names."""
    if stated.header_row != 0 and not stated.names:
        return None
    line = stated.header_row or 0
    at = max((place for place, (ends, _) in enumerate(rows) if ends <= line), default=-1)
    width = usual_width(rows[at + 1 :])
    if stated.names and len(stated.names) != width:
        raise BadInput(
            f"{len(stated.names)} names are given, and rows have {width} cells",
            where=Span(name, rows[at + 1][0] if at + 1 < len(rows) else None),
            field="names",
            mend="give a name for each cell of a row, in their order",
        )
    names = stated.names or tuple(f"column_{place + 1}" for place in range(width))
    return Header(at, line, line, names, row_names=False, unnamed=0, stated=True)


def _may_be_header(rows: Sequence[Row], at: int, width: int) -> bool:
    line, cells = rows[at]
    if line == 1 and SEPARATOR_LINE.fullmatch(",".join(cells).rstrip(",")):
        return False
    size = len(cells)
    if size == width + 1 and not cells[-1].strip():
        size = width  # a separator that ends the header's line alone
    short = size == width - 1 and width > _SMALL - 1
    if not filled(cells) or not (size == width or short):
        return False
    blank = size - filled(cells[:size])
    if (short or blank) and _reads_as_header(rows, at + 1):
        return False  # a note or a group of columns, right above the names
    trailing = size - _last_filled(cells[:size])
    if blank <= 1 + _BLANK_NAMES * size and not (trailing and size <= _SMALL):
        return True
    within = size - trailing
    few = blank - trailing <= max(1, _BLANK_NAMES * within)
    return trailing > 0 and few and _empty_below(rows, at, within)


def _last_filled(cells: Sequence[str]) -> int:
    return max((at for at, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _empty_below(rows: Sequence[Row], at: int, start: int) -> bool:
    """Whether the columns from `start` on are empty in the rows below as well."""
    return all(not filled(cells[start:]) for _, cells in rows[at + 1 : at + 1 + _BELOW])


def _reads_as_header(rows: Sequence[Row], at: int) -> bool:
    """Whether a row holds no number, and numbers stand below it."""
    at = next((place for place in range(at, len(rows)) if filled(rows[place][1])), len(rows))
    if at + 1 >= len(rows):
        return False
    cells = rows[at][1]
    below = [cell for _, row in rows[at + 1 : at + 4] if len(row) == len(cells) for cell in row]
    return not any(map(NUMBER.fullmatch, cells)) and any(map(NUMBER.fullmatch, below))


def _header(rows: Sequence[Row], at: int, line: int, cells: Sequence[str], width: int) -> Header:
    names = [cell.strip() for cell in cells]
    below = [row for _, row in rows[at + 1 : at + 1 + _BELOW] if filled(row)]
    row_names = False
    if len(names) == width + 1 and not names[-1]:
        names.pop()
    elif len(names) == width - 1 and width > 2:
        if all(not row[-1].strip() for row in below if len(row) == width):
            names.append("")  # a separator that ends every row
        else:
            row_names = True
            names.insert(0, "")
    ends = line
    if below and rows[at + 1][1] and all(_RULE.fullmatch(cell) for cell in rows[at + 1][1]):
        ends = rows[at + 1][0]
    return Header(at, line, ends, tuple(names), row_names, len(names) - _last_filled(names))


def headers_of(header: Header, rows: Sequence[Row], name: str) -> tuple[str, ...]:
    """The names of all columns, those without one by their place. Raises BadInput for names that
    repeat, and NoHeader for data where the names should be."""
    if header.stated:
        return header.names
    where = Span(name, header.line)
    below = [row for _, row in rows[header.at + 1 :] if len(row) == header.width]
    if looks_like_data(header.names, below):
        raise NoHeader([header.names, *below], where)
    names = [each or f"column_{place}" for place, each in enumerate(header.names, start=1)]
    for each, count in Counter(names).items():
        if count > 1:
            raise BadInput(
                f"two columns are called '{each}'", where=where, field=each, mend="rename one"
            )
    return tuple(names)


def looks_like_data(names: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether names are rather cells: of those that are not blank a third are numbers above
    numbers, or most are like the cells below them."""
    if not below:
        return False
    counted = list(names) in ([str(n + start) for n in range(len(names))] for start in (0, 1))
    numbers = sum(
        bool(NUMBER.fullmatch(name) and NUMBER.fullmatch(cell))
        for name, cell in zip(names, below[0], strict=False)
    )
    given = filled(names)
    if not counted and numbers and numbers * _THIRD >= given:
        return True
    rows = [row for row in below[:_BELOW] if [cell.strip() for cell in row] != list(names)]
    again = sum(_like_cells(name, [row[place] for row in rows]) for place, name in enumerate(names))
    return again * 2 > given


def _like_cells(name: str, cells: Sequence[str]) -> bool:
    """Whether a name stands among the cells below it, or is a number or a code as most of them."""
    if not name:
        return False
    alike = sum(_shape(cell.strip()) == _shape(name) for cell in cells)
    coded = any(letter.isdigit() for letter in name) and alike * 2 > len(cells)
    return coded or any(cell.strip() == name for cell in cells)


def _shape(text: str) -> str:
    """A11 and B7 are of one shape; so are all plain numbers."""
    if NUMBER.fullmatch(text):
        return "0"
    letters = "".join("A" if letter.isalpha() else letter for letter in text)
    return _DIGITS.sub("9", letters)


def header_remarks(header: Header, rows: Sequence[Row], unit: str) -> list[str]:
    """What a person should hear of what stands around the names; `unit` is line or row."""
    said = []
    above = [(line, cells) for line, cells in rows[: max(header.at, 0)] if filled(cells)]
    if above:
        shown = " ".join(cell.strip() for cell in above[0][1] if cell.strip())[:60]
        lines = [line for line, _ in above]
        which = f"{unit} {lines[0]} is a note"
        if len(lines) > 1:
            which = f"{unit}s {lines[0]} to {lines[-1]} are notes"
        said.append(f"{which} ('{shown}'): the header is {unit} {header.line}")
    if header.ends != header.line:
        said.append(f"{unit} {header.ends} is a rule under the header: left out")
    if header.row_names:
        said.append(
            "rows have a cell more than the header: the first holds row names (column_1), as R "
            "writes them"
        )
    if header.unnamed:
        many = f"the last {header.unnamed} columns have" if header.unnamed > 1 else (
            "the last column has"
        )  # fmt: skip
        said.append(f"{many} no name and no values: left out")
    return said
