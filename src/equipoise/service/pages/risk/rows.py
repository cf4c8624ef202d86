"""Tables of the risk pages: a head, and rows whose cells know what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Linked:
    """A text of a cell that leads to an address."""

    text: str
    to: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its column's name, and where it leads to, if anywhere."""

    label: str
    text: str
    to: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as `risk/_table.html` writes it: each cell with its column's name, which stands
    beside it where the page is narrow."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str | Linked]]
) -> ShownTable | None:
    """The table; None where it has no row."""
    made = tuple(tuple(map(_cell, head, row)) for row in rows)
    return ShownTable(caption, tuple(head), made) if made else None


def _cell(label: str, said: str | Linked) -> Cell:
    if isinstance(said, Linked):
        return Cell(label, said.text, said.to)
    return Cell(label, said, "")
