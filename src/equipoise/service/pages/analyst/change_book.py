"""What a change moves of the loans already made, as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.texts.numbers import ABSENT, money, percent
from equipoise.texts.saying import joined, marked, say

_FIGURES = {
    "allowance": marked("Allowance"),
    "exposure in stage": marked("Exposure in stage {of}"),
    "exposure in grade": marked("Exposure in grade: {of}"),
    "risk-weighted assets": marked("Risk-weighted assets, {of}"),
    "capital asked for": marked("Capital asked for, {of}"),
}
_GRADE, _LIMIT = "exposure in grade", "limit used: "
_APPROACH = {"IRB": marked("internal ratings"), "standardised": marked("standardised")}


def book_moved(book: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The packs of both sides, and each figure that they decide; None where no pack was tried."""
    if book is None:
        return None
    rows = [
        (
            _called(each),
            *(_reading(each, each[side], book) for side in ("before", "after", "change")),
        )
        for each in book["moved"]
    ]
    return {
        "as_of": book["as_of"],
        "on": book["on"],
        "before": joined(book["before"], ", "),
        "after": joined(book["after"], ", "),
        "rows": rows,
    }


def _called(each: Mapping[str, Any]) -> str:
    figure, of = each["figure"], each["of"] or ""
    if figure.startswith(_LIMIT):
        name = figure.removeprefix(_LIMIT)
        return say("Use of the limit {name}: {of}", name=name, of=of)
    if figure == _GRADE:
        from equipoise.report.sections.book_words import GRADES  # what reports is large

        of = say(GRADES[of]) if of in GRADES else of
    return say(_FIGURES[figure]).format(of=say(_APPROACH[of]) if of in _APPROACH else of)


def _reading(each: Mapping[str, Any], value: float | None, book: Mapping[str, Any]) -> str:
    if value is None:
        return ABSENT
    if each["figure"].startswith(_LIMIT):
        return percent(value)
    return money(value, book["currency"] or "")
