"""Tables of the risk pages: a head, and rows whose cells know what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as `risk/_table.html` writes it: each cell with its column's name, which stands
    beside it where the page is narrow."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> ShownTable | None:
    """The table; None where it has no row."""
    made = tuple(tuple(zip(head, row, strict=True)) for row in rows)
    return ShownTable(caption, tuple(head), made) if made else None
