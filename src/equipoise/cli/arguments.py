"""What commands read from their options: pairs, numbers, a place for a page."""

from __future__ import annotations

import shlex
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from equipoise.errors import BadInput
from equipoise.outputs import output_fits

Lang = Annotated[
    str, typer.Option("--lang", metavar="LANG", help="The page's language: en, or zh.")
]


def pairs(given: list[str] | None, option: str) -> list[tuple[str, str]]:
    """NAME=VALUE of every time the option was given."""
    named = []
    for each in given or []:
        name, equals, value = each.partition("=")
        if not (name and equals and value):
            raise BadInput(f"'{each}' is not NAME=VALUE", field=option, mend=f"as {option} name=40")
        named.append((name.strip(), value.strip()))
    return named


def number(text: str, option: str) -> float:
    """A finite number."""
    try:
        value = float(text.replace("_", ""))
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        raise BadInput(f"'{text}' is not a number", field=option)
    return value


def whole_number(text: str, option: str, of: str) -> int:
    """A whole number of 0 or more; `of` says what is counted."""
    value = number(text, option)
    if value < 0 or value != int(value):
        raise BadInput(f"'{text}' is not a number of {of}", field=option, mend="give 0, 1, 2, ..")
    return int(value)


def day_of(text: str, option: str) -> date:
    """A day as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"'{text}' is no date", field=option, mend="as 2026-03-02") from error


def page_fits(path: Path | None, *read: Path | str | None) -> None:
    """Refuse a place for the page before the work; `read` are the files that the work reads."""
    if path is not None:
        output_fits(path, "--html", endings=(".html", ".htm"), beside=read)


def commands() -> list[str]:
    """The command as it was given, for the page that it makes."""
    return [shlex.join(["equipoise", *sys.argv[1:]])]
