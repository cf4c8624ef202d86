"""A number of a measured book as its page shows it: what it is, its query, how it is made, rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from equipoise.portfolio import Number
from equipoise.portfolio.interest_risk import GAP_EDGES
from equipoise.report.sections.book_rates import until_text
from equipoise.report.sections.book_words import EFFECTS, FAULTS
from equipoise.service.contexts.books.reading import NumberShown
from equipoise.service.pages.risk.shown.number_words import (
    DIGITS,
    FIGURES,
    HOW,
    HOW_OF,
    MONEY,
    SHARES,
    TITLES,
    WORDS,
)
from equipoise.texts.numbers import ABSENT, count, fixed, money, percent
from equipoise.texts.saying import say

CELLS: Mapping[str, Mapping[str, str]] = {"kind": FAULTS, "effect": EFFECTS}


def address(measuring: int, number: Number) -> str:
    """Where a number's query and rows stand."""
    asked = {name: value for name, value in (("of", number.of), ("at", number.at)) if value}
    there = reverse("book-number", args=[measuring, number.kind])
    return f"{there}?{urlencode(asked)}" if asked else there


def number_context(shown: NumberShown, measuring: int) -> dict[str, Any]:
    """Everything that the page writes, in the language spoken now."""
    number, answer = shown.number, shown.answer
    gives = {} if answer is None else answer.gives
    here = address(measuring, number)
    page = f"{here}{'&' if '?' in here else '?'}page="
    return {
        "measuring": measuring,
        "shown": shown,
        "title": title_of(number),
        "how": say(HOW[_how(number)]),
        "figures": [
            (say(FIGURES[name]), _written(name, value, shown.currency),
             _written(name, gives.get(name), shown.currency))
            for name, value in shown.measured.items()
        ],
        "rows": [] if answer is None else [
            list(map(_cell, answer.names, row)) for row in answer.rows
        ],
        "many": "" if answer is None else count(answer.of),
        "before": f"{page}{shown.page - 1}" if shown.page > 1 else "",
        "after": f"{page}{shown.page + 1}" if shown.page < shown.pages else "",
    }  # fmt: skip


def title_of(number: Number) -> str:
    """What a number is called, in the language spoken now."""
    if number.kind == "gap":
        return say(TITLES["gap"], of=until_text(GAP_EDGES[int(number.of)]))
    words = WORDS.get(number.kind, {})
    of, at = (say(words[each]) if each in words else each for each in (number.of, number.at))
    return say(TITLES[number.kind], of=of, at=at)


def _how(number: Number) -> str:
    return number.of if number.kind == "capital" else HOW_OF.get(number.kind, number.kind)


def _written(name: str, value: float | None, currency: str) -> str:
    if value is None:
        return ABSENT
    if name in MONEY:
        return money(value, currency)
    if name in SHARES:
        return percent(value)
    return fixed(value, DIGITS[name]) if name in DIGITS else count(value)


def _cell(column: str, value: Any) -> str:
    """A cell as the table has it: whole what is, other numbers to six digits behind the point;
    faults in words."""
    words = CELLS.get(column, {})
    if value in words:
        return say(words[value])
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, float):
        return fixed(value, 2) if abs(value) >= 100 else f"{value:.6f}".rstrip("0").rstrip(".")
    return value.isoformat() if isinstance(value, date) else str(value)
