"""How results show themselves: one plain table and a few notes, as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_CELL = "padding:.2em .7em;border-bottom:1px solid #ddd;text-align:"
MOST_NOTES = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """A title, a table whose first column is text, and notes below it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def text(self) -> str:
        """As plain text."""
        lines = [list(self.columns), *map(list, self.rows)]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.columns))]
        table = ["  ".join(_padded(line, widths)).rstrip() for line in lines]
        return "\n".join([self.title, *table, *(f"- {note}" for note in self._few())])

    def html(self) -> str:
        """As HTML that needs no style sheet."""
        head = "".join(_cell("th", name, at) for at, name in enumerate(self.columns))
        body = "".join(
            f"<tr>{''.join(_cell('td', cell, at) for at, cell in enumerate(row))}</tr>"
            for row in self.rows
        )
        notes = "".join(f"<li>{escape(note)}</li>" for note in self._few())
        return (
            f"<div><p><strong>{escape(self.title)}</strong></p>"
            f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>{f'<ul>{notes}</ul>' if notes else ''}</div>"
        )

    def _few(self) -> list[str]:
        more = len(self.notes) - MOST_NOTES
        return [*self.notes[:MOST_NOTES], *([f"and {more} more"] if more > 0 else [])]


def figure(value: float | None) -> str:
    """A number to compare by eye: whole from a thousand on, four digits below."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _padded(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = zip(line, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


def _cell(tag: str, text: str, at: int) -> str:
    side = "left" if at == 0 else "right"
    return f'<{tag} style="{_CELL}{side}">{escape(text)}</{tag}>'
