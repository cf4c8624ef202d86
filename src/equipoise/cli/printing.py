"""How commands print: a line, a table, notes, or one JSON document."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import typer

from equipoise.errors import GateRefused
from equipoise.texts.numbers import MINUS, THIN

MOST_NOTES = 8


def line(text: str) -> None:
    """One line on stdout."""
    sys.stdout.write(f"{text}\n")


def document(value: Any) -> None:
    """One JSON document on stdout."""
    json.dump(value, sys.stdout, ensure_ascii=False, allow_nan=False, indent=2)
    sys.stdout.write("\n")


def refuse(message: str, *, mend: str = "", as_json: bool) -> NoReturn:
    """End with 1 after an answer that is a no: said, or by the exit code alone under --json, whose
    one document stands there already."""
    if as_json:
        raise typer.Exit(GateRefused.exit_code)
    raise GateRefused(message, mend=mend)


def table(title: str, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for a person; the first column reads left, the others right."""
    from rich.console import Console  # here, as most commands print lines only
    from rich.markup import escape
    from rich.table import Table

    if title:
        line(title)  # not the table's own: it would be broken at the table's width
    made = Table()
    for at, column in enumerate(columns):
        made.add_column(escape(column), justify="left" if at == 0 else "right")
    for row in rows:
        made.add_row(*(escape(cell) for cell in row))
    Console().print(made)


def plain(text: str) -> str:
    """The report's words for a terminal: commas between thousands, ordinary spaces and signs."""
    grouped = re.sub(rf"(?<=\d){THIN}(?=\d{{3}})", ",", text)
    return grouped.replace(THIN, " ").replace(MINUS, "-").replace("“", '"').replace("”", '"')


def pairs(title: str, rows: Sequence[Sequence[str]]) -> None:
    """What things come to, one a line: the names read left, the figures right."""
    line(title)
    name, value = (max(len(row[at]) for row in rows) for at in (0, 1))
    for row in rows:
        line(f"  {row[0]:<{name}}  {row[1]:>{value}}")


def figure(value: float) -> str:
    """A number to compare by eye: whole from a thousand on, four digits below."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def notes(title: str, lines: Sequence[str], most: int = MOST_NOTES) -> None:
    """At most so many lines under a title; how many more there are, where there are more."""
    if not lines:
        return
    line(f"{title}:")
    for note in lines[:most]:
        line(f"  - {note}")
    if len(lines) > most:
        line(f"  and {len(lines) - most} more (all of them under --json)")
