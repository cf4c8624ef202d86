"""Tables of the risk pages: a head, and rows whose cells know what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Linked:
    """A text of a cell that leads to an address; to none where `to` is empty."""

    text: str
    to: str


Said = str | Linked | Sequence[Linked]
"""What a cell says: a text, one that leads somewhere, or several such."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its column's name, and its parts, each with where it leads to, if anywhere."""

    label: str
    parts: tuple[Linked, ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as `risk/_table.html` writes it: each cell with its column's name, which stands
    beside it where the page is narrow."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Said]]) -> ShownTable | None:
    """The table; None where it has no row."""
    made = tuple(tuple(map(_cell, head, row)) for row in rows)
    return ShownTable(caption, tuple(head), made) if made else None


def _cell(label: str, said: Said) -> Cell:
    if isinstance(said, str):
        return Cell(label, (Linked(said, ""),))
    return Cell(label, (said,) if isinstance(said, Linked) else tuple(said))
