"""How a CSV file is laid out: its separator, its header, and what is no row of its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from equipoise.contract.reading.csvrows import Text, loose_rows
from equipoise.contract.reading.footers import fits, footer_of, footer_remark
from equipoise.contract.reading.headers import (
    SEPARATOR_LINE,
    Row,
    filled,
    find_header,
    header_remarks,
    headers_of,
    looks_like_data,
    stated_header,
    usual_width,
)
from equipoise.contract.reading.layout import SEEN, SEPARATOR_NAMES, Layout, TableLayout
from equipoise.contract.reading.tail import tail_of
from equipoise.errors import BadInput

SEPARATORS = (",", ";", "\t", "|", "^", "~", "\x01")
_SAMPLED_LINES = 100
_SAMPLED_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class TextTable:
    """A text's layout, and the byte at which its rows end; None where they go to the end."""

    layout: Layout
    ends: int | None


def csv_table(text: Text, stated: TableLayout = SEEN) -> TextTable:
    """How a UTF-8 text is laid out, judged by its first rows and its last. Raises BadInput."""
    lines = _first_lines(text)
    if not any(line.strip() for line in lines):
        raise BadInput("the file holds no text", where=text.at(1), mend="give a header and rows")
    if lines[0].lstrip("\ufeff").lstrip().lower().startswith("@relation"):
        raise BadInput(
            "the file is in KEEL or ARFF format, which starts with @relation",
            where=text.at(1),
            mend="save the rows after @data as CSV, under a line with the column names",
        )
    separator = stated.separator or _separator(lines, len(stated.names))
    rows = _table_rows(loose_rows(lines, separator), whole=len(lines) < _SAMPLED_LINES)
    header = stated_header(rows, stated, text.name) or find_header(rows, stated.header_row)
    if header is None:
        raise _no_header(text, stated)
    headers = headers_of(header, rows, text.name)
    layout = Layout(
        "csv",
        headers,
        separator,
        header_lines=header.ends,
        header_row=header.line,
        row_names=header.row_names,
        unnamed=header.unnamed,
        given=stated.names,
        remarks=tuple(header_remarks(header, rows, "line")),
    )
    _refuse_other_layout(layout, stated, text)
    return _with_footer(layout, text, stated)


def _first_lines(text: Text) -> list[str]:
    lines: list[str] = []
    size = 0
    with text.open() as file:
        while len(lines) < _SAMPLED_LINES and size < _SAMPLED_BYTES:
            line = file.readline(_SAMPLED_BYTES)
            if not line:
                break
            lines.append(line)
            size += len(line)
    return lines


def _table_rows(rows: Sequence[Row], *, whole: bool) -> Sequence[Row]:
    """The sampled rows without a last one that the sample may have cut."""
    return rows if whole or len(rows) < 3 else rows[:-1]


def _separator(lines: list[str], names: int) -> str:
    """The separator under which there is a header, or rows have as many cells as there are `names`
    (0: none are stated), and most rows have as many cells as others; the more cells the better."""
    if (stated := SEPARATOR_LINE.fullmatch(lines[0].lstrip("\ufeff").strip())) is not None:
        return stated.group(1)
    best, score = "", (False, 0.0, 0)
    for separator in SEPARATORS:
        rows = loose_rows(lines, separator)
        filled_rows = [cells for _, cells in rows if filled(cells)]
        width = usual_width(rows)
        if width > 1:
            agree = sum(len(cells) == width for cells in filled_rows) / len(filled_rows)
            named = width == names if names else _has_names(rows)
            merit = (named, round(agree, 6), width)
            if merit > score:
                best, score = separator, merit
    if best and sum(bool(line.strip()) for line in lines) == 1:
        return best  # a header alone: spaces in it are those of names
    spaced = loose_rows([line for line in lines if line.strip()], " ")
    widths = {len(cells) for _, cells in spaced[1:]} or {len(spaced[0][1])}
    if len(widths) == 1 and widths != {1} and not (best and score[0]):
        width, first = widths.pop(), len(spaced[0][1])
        # a header of one cell less stands over row names, as R's write.table leaves it
        if first == width or (first == width - 1 and width > 2):
            return " " if not best or width >= score[2] else best
    return best or ","


def _has_names(rows: Sequence[Row]) -> bool:
    header = find_header(rows)
    if header is None:
        return False
    below = [cells for _, cells in rows[header.at + 1 :] if len(cells) == header.width]
    return bool(below) and not looks_like_data(header.names, below)


def _no_header(text: Text, stated: TableLayout) -> BadInput:
    return BadInput(
        f"line {stated.header_row} ends no row of cells, and the contract says that the header "
        "stands there",
        where=text.at(stated.header_row or 1),
        mend="mend `layout.header_row` in contract.yaml; without it the header is looked for",
    )


def _refuse_other_layout(layout: Layout, stated: TableLayout, text: Text) -> None:
    if stated.row_names is not None and stated.row_names != layout.row_names:
        has, says = ("no", "has") if stated.row_names else ("a", "has no")
        raise BadInput(
            f"rows have {has} cell more than the header, and the contract says that each row "
            f"{says} name before them",
            where=text.at(layout.header_row),
            mend="mend `layout.row_names` in contract.yaml, or give the file it was written for",
        )
    if stated.separator and len(layout.headers) == 1:
        mark = SEPARATOR_NAMES.get(stated.separator, stated.separator)
        raise BadInput(
            f"the header has one cell when cut by {mark}, as the contract says",
            where=text.at(layout.header_row),
            mend="mend `layout.separator` in contract.yaml, or give the file it was written for",
        )


def _with_footer(layout: Layout, text: Text, stated: TableLayout) -> TextTable:
    """The layout with what stands below the rows, as the file's end shows it."""
    tail = tail_of(text, layout.separator, layout.header_lines)
    rows = tail.rows
    width = len(layout.headers)
    size = footer_of([cells for _, cells in rows], width)
    if stated.footer_rows is not None:
        size = _stated_footer(rows, stated.footer_rows, width, size, text)
    first = len(rows) - size
    lines = [row for row in rows[first:] if filled(row[1])]
    if not lines:
        return TextTable(layout, None)
    remarks = (*layout.remarks, footer_remark(lines, "line"))
    return TextTable(replace(layout, footer_rows=len(lines), remarks=remarks), tail.begins[first])


def _stated_footer(rows: Sequence[Row], stated: int, width: int, seen: int, text: Text) -> int:
    """How many of the last rows hold the stated number that are filled. Raises BadInput where the
    file seems to have another footer."""
    cells = [row for _, row in rows]
    has = sum(bool(filled(row)) for row in cells[len(cells) - seen :]) if seen else 0
    places = [at for at, row in enumerate(cells) if filled(row)]
    first = places[-stated] if 0 < stated <= len(places) else len(cells)
    body = sorted(filled(row) for row in cells if len(row) == width and filled(row))
    usual = body[len(body) // 2] if body else width
    data = [at for at in range(first, len(cells)) if fits(cells[at], width, usual)]
    if has > stated or (data and has != stated):
        where = rows[data[0]][0] if data and has <= stated else rows[len(cells) - seen][0]
        raise BadInput(
            f"the contract says that the last {stated} lines are a footer, and {has} look like it",
            where=text.at(where),
            mend="mend `layout.footer_rows` in contract.yaml; without it a footer is looked for",
        )
    return len(cells) - first
