"""Interest rate risk of a measured book, from the figures that `portfolio report --json` tells;
each leads to its query and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import inf
from typing import Any

from equipoise.portfolio import Number
from equipoise.report.sections.book_rates import SHOCKS, until_text
from equipoise.service.pages.risk.rows import Linked, Said, ShownTable, table
from equipoise.texts.numbers import count, fixed, money, percent
from equipoise.texts.saying import say

Link = Callable[[str, Number], Linked]


def shown_rates(
    figures: Mapping[str, Any] | None, currency: str, link: Link
) -> list[ShownTable | None]:
    """Tables in the language spoken now; none where the book has no market rates."""
    if figures is None:
        return []
    return [
        table(
            say("Worth and income"),
            (say("What"), say("As measured")),
            _worth_and_income(figures, currency, link),
        ),
        table(
            say("Repricing gap"),
            (
                say("Reprices within"), say("Loans, money"), say("Funding"),
                say("Loans less funding"), say("Gap so far"),
            ),
            (_gap(place, row, currency, link) for place, row in enumerate(figures["gap"])),
        ),
        table(
            say("Six shocks of market rates"),
            (say("Shock"), say("Economic value changes by")),
            (
                (say(SHOCKS[name]), link(money(change, currency), Number("shock", name)))
                for name, change in figures["values"].items()
            ),
        ),
    ]  # fmt: skip


def _worth_and_income(
    of: Mapping[str, Any], currency: str, link: Link
) -> Iterator[tuple[Said, ...]]:
    worth, size = Number("worth"), percent(of["shocks"]["parallel"])
    taken_off = of["modified"] * 0.01 - 0.5 * of["convexity"] * 0.0001
    yield say("What loans pay, at market rates"), link(money(of["value"], currency), worth)
    yield say("Duration in years"), link(fixed(of["duration"], 2), worth)
    yield say("Taken off by one percentage point more"), link(percent(taken_off), worth)
    for way, says in (
        ("up", say("Net interest income within a year, if all rates rise by {size}", size=size)),
        ("down", say("Net interest income within a year, if all rates fall by {size}", size=size)),
    ):
        yield says, link(money(of[f"income_{way}"], currency), Number("income", way))
    yield (
        say("Early repayment that was seen"),
        link(percent(of["prepayment_seen"]), Number("prepaid")),
    )
    if of["prepayment"] != of["prepayment_seen"]:
        yield say("Early repayment that portfolio.yaml assumes"), percent(of["prepayment"])
    yield (
        say("Loans left out: without a rate, or more than 90 days late"),
        link(count(of["left_out"]), Number("left_out")),
    )


def _gap(place: int, row: Mapping[str, Any], currency: str, link: Link) -> tuple[Said, ...]:
    number = Number("gap", str(place))
    amounts = (row[name] for name in ("assets", "liabilities", "gap", "cumulative"))
    until = inf if row["until"] is None else row["until"]
    return until_text(until), *(link(money(each, currency), number) for each in amounts)
