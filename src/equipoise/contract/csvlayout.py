"""How a CSV file is laid out: its separator and its header."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from equipoise.contract.csvrows import numbered_rows, open_text
from equipoise.errors import BadInput, Span

SEPARATORS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "spaces"}
_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*")
_SNIFFED_ROWS = 50


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written; `separator` is one space where any run of spaces separates.

    `header_lines` is how many lines of the file end with the header.
    """

    kind: Literal["csv", "parquet"]
    headers: tuple[str, ...]
    separator: str = ""
    header_lines: int = 0

    def __str__(self) -> str:
        columns = f"{len(self.headers)} columns"
        if self.kind == "parquet":
            return f"Parquet, {columns}"
        return f"CSV separated by {_NAMES[self.separator]}, {columns}"


def csv_layout(path: Path) -> Layout:
    """The layout of a UTF-8 CSV file, judged by its first rows. Raises BadInput."""
    separator = _sniff(path)
    rows = ((n, row) for n, row in numbered_rows(path, separator) if any(c.strip() for c in row))
    line, header = next(rows, (1, []))
    _, first = next(rows, (0, []))
    return Layout("csv", _headers(header, first, Span(str(path), line)), separator, line)


def _sniff(path: Path) -> str:
    """The separator that cuts the first rows into the same number of cells, the more the better."""
    with open_text(path) as file:
        sample = "".join(line for line, _ in zip(file, range(_SNIFFED_ROWS), strict=False))
    if sample.lstrip().lower().startswith("@relation"):
        raise BadInput(
            "the file is in KEEL or ARFF format, which starts with @relation",
            where=Span(str(path), 1),
            mend="save the rows after @data as CSV, under a line with the column names",
        )
    best, score = "", (0.0, 0)
    for separator in SEPARATORS:
        counts = _counts(sample, separator)
        if counts and counts[0] > 1:
            agree = sum(count == counts[0] for count in counts) / len(counts)
            if (agree, counts[0]) > score:
                best, score = separator, (agree, counts[0])
    if best:
        return best
    widths = {len(line.split()) for line in sample.splitlines() if line.strip()}
    return " " if len(widths) == 1 and widths != {1} else ","


def _counts(sample: str, separator: str) -> list[int]:
    counts = []
    try:
        for row in csv.reader(io.StringIO(sample), delimiter=separator):
            if row:
                counts.append(len(row))  # noqa: PERF401 - what was read before a fault counts
    except csv.Error:
        pass
    return counts


def _headers(header: list[str], first: list[str], where: Span) -> tuple[str, ...]:
    names = [name.strip() for name in header]
    if not any(names):
        raise BadInput("the file holds no text", where=where, mend="give a header and rows")
    _refuse_data_as_header(names, first, where)
    # an index written without a name is common
    names = [name or f"column_{place}" for place, name in enumerate(names, start=1)]
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadInput(
                f"two columns are called '{name}'", where=where, field=name, mend="rename one"
            )
        seen.add(name)
    return tuple(names)


def _refuse_data_as_header(names: list[str], first: list[str], where: Span) -> None:
    """A third of the names being numbers, above numbers, means that the header is missing."""
    counted = names in ([str(n + start) for n in range(len(names))] for start in (0, 1))
    numbers = sum(
        bool(_NUMBER.fullmatch(name) and _NUMBER.fullmatch(cell))
        for name, cell in zip(names, first, strict=False)
    )
    if not counted and numbers * 3 >= len(names):
        raise BadInput(
            "the first line looks like data, not like column names",
            where=where,
            mend="put a line with the column names on top",
        )
