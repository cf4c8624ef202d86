"""The last rows of a text, and the byte at which each of them starts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from equipoise.contract.reading.csvrows import Text, loose_rows
from equipoise.contract.reading.headers import Row

_REACH, _MOST = 1 << 16, 8 << 20
_LINES = 50
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Tail:
    """The last rows, and the byte at which each starts."""

    rows: list[Row]
    begins: list[int]


def tail_of(text: Text, separator: str, above: int) -> Tail:
    """The last rows below the first `above` lines, as many as a footer could reach over."""
    with text.path.open("rb") as file:
        longest = max((len(file.readline()) for _ in range(above)), default=0)
        top = file.tell()
        reach = min(max(_REACH, _LINES * longest), _MOST)
        start = max(top, text.path.stat().st_size - reach)
        lines, quotes, broken = 0, 0, False
        while (left := start - file.tell()) > 0:
            piece = file.read(min(_PIECE, left))
            lines += piece.count(b"\n")
            quotes += piece.count(b'"')
            broken = not piece.endswith(b"\n")
        body = file.read()
    pieces = _lines(body)
    while pieces and (broken or quotes % 2):  # begin with a whole line, outside any quoted cell
        gone = pieces.pop(0)
        start, lines, quotes, broken = (
            start + len(gone),
            lines + 1,
            quotes + gone.count(b'"'),
            False,
        )
    first = above + lines + 1
    rows = loose_rows((piece.decode() for piece in pieces), separator, first)
    begins = list(accumulate(map(len, pieces), initial=start))
    ends = [line - first + 1 for line, _ in rows]
    return Tail([*rows], [begins[at] for at in [0, *ends[:-1]]])


def _lines(body: bytes) -> list[bytes]:
    """Lines by line feeds alone: a carriage return within a line ends none."""
    parts = body.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]
