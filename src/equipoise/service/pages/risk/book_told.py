"""A measured book as its page shows it, from the figures that `portfolio report --json` tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from equipoise.report.sections.book_words import DIMENSIONS, GRADES, STATES
from equipoise.service.pages.charts.axes import Axis
from equipoise.service.pages.charts.figures import Bar, Bars, Cell, Lines, Reading, Rule, Series
from equipoise.service.pages.risk.rows import ShownTable, table
from equipoise.texts.numbers import count, fixed, money, percent
from equipoise.texts.saying import say

_MOST_VINTAGES = 5  # the youngest; a chart tells no more lines apart


def shown_book(book: Mapping[str, Any]) -> Mapping[str, Any]:
    """Everything that the page writes, in the language spoken now."""
    summary, currency = book["summary"], book["summary"]["currency"]
    return {
        "summary": summary,
        "loans": count(summary["open_loans"]),
        "exposure": money(summary["exposure"], currency),
        "late30": percent(summary["late30_share"]),
        "late90": percent(summary["late90_share"]),
        "tape": [(each["file"], each["sha256"][:12]) for each in book["deliveries"]],
        "vintages": _vintages(book["vintages"]),
        "limits": _limits(book["limits"]),
        "tables": [each for each in _tables(book, currency) if each is not None],
        "lifetime": money(book["losses"]["lifetime"], currency) if book["losses"] else "",
        "faults": count(len(book["faults"])) if book["faults"] else "",
    }


def _tables(book: Mapping[str, Any], currency: str) -> Iterator[ShownTable | None]:
    exposure = (say("Loans"), say("Exposure"))
    yield table(say("Roll rates"), (say("From and to"), say("Mean net roll rate")), _rolls(book))
    yield table(
        say("Expected credit losses"),
        (say("Stage"), *exposure, say("Allowance")),
        _stages(book["losses"], currency),
    )
    yield table(
        say("Capital"),
        (say("Approach"), say("Risk-weighted assets"), say("Capital asked for")),
        _capital(book["capital"], currency),
    )
    yield table(say("Five grades"), (say("Grade"), *exposure), _grades(book["grades"], currency))
    yield table(
        say("Concentration"),
        (say("Dimension"), say("Names"), "HHI", say("Ten largest"), say("The largest")),
        _concentration(book["concentration"], currency),
    )
    yield table(
        say("Limits"),
        (
            say("Limit"), say("Of"), say("Exposure"), say("Limit in money"), say("Used"),
            say("If the flow goes on"), say("Shadow price"),
        ),
        (_limit(each, currency) for each in book["limits"]),
    )  # fmt: skip


def _vintages(rows: list[Mapping[str, Any]]) -> Lines | None:
    """Cumulative bad rates by month on book of the youngest vintages that have any."""
    seen = [row for row in rows if sum(each is not None for each in row["rate"]) > 1]
    series = tuple(
        Series(
            row["vintage"],
            tuple(
                Reading(month, rate) for month, rate in enumerate(row["rate"]) if rate is not None
            ),
        )
        for row in seen[-_MOST_VINTAGES:]
    )
    if not series:
        return None
    return Lines(
        say("Bad so far, by vintage"),
        say("The {n} youngest vintages.", n=count(len(series))),
        Axis(say("months on book"), whole=True),
        Axis(say("bad so far"), "share", zero=True),
        series,
    )


def _rolls(book: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The mean net roll rate from each bucket to the next."""
    buckets = [each["state"] for each in book["buckets"]]
    return [
        (f"{say(STATES[one])} → {say(STATES[two])}", percent(rate))
        for one, two, rate in zip(buckets, buckets[1:], book["roll_mean"], strict=False)
    ]


def _stages(losses: Mapping[str, Any] | None, currency: str) -> list[tuple[str, ...]]:
    if losses is None:
        return []
    rows = [
        (
            str(each["stage"]),
            count(each["loans"]),
            money(each["exposure"], currency),
            money(each["allowance"], currency),
        )
        for each in losses["stages"]
    ]
    return [*rows, (say("All"), "", "", money(losses["allowance"], currency))]


def _capital(capital: Mapping[str, Any] | None, currency: str) -> list[tuple[str, str, str]]:
    if capital is None:
        return []
    return [
        (name, money(assets, currency), money(assets * capital["ratio"], currency))
        for name, assets in (
            (say("Internal ratings"), capital["irb"]),
            (say("Standardised"), capital["standardised"]),
        )
    ]


def _grades(grades: Mapping[str, Any] | None, currency: str) -> list[tuple[str, str, str]]:
    rows = grades["rows"] if grades else []
    return [
        (say(GRADES[row["grade"]]), count(row["loans"]), money(row["exposure"], currency))
        for row in rows
    ]


def _concentration(rows: list[Mapping[str, Any]], currency: str) -> list[tuple[str, ...]]:
    return [
        (
            say(DIMENSIONS[row["by"]]),
            count(row["names"]),
            fixed(row["hhi"], 4),
            percent(row["top10"]),
            "; ".join(f"{name} {money(owed, currency)}" for name, owed in row["largest"][:3]),
        )
        for row in rows
    ]


def _limits(limits: list[Mapping[str, Any]]) -> Bars | None:
    if not limits:
        return None
    rows = tuple(Bar(f"{e['name']}: {e['of']}", (Cell(e["use"]),)) for e in limits)
    name = say("Use of limits")
    full = (Rule(say("all of it"), 1.0, along="x"),)
    return Bars(name, say("How much of each limit is used."), Axis(name, "share", zero=True), ("",),
                rows, full)  # fmt: skip


def _limit(each: Mapping[str, Any], currency: str) -> tuple[str, ...]:
    price = each["shadow_price"]
    return (
        each["name"],
        each["of"],
        money(each["exposure"], currency),
        money(each["limit"], currency),
        percent(each["use"]),
        percent(each["forecast"][-1]) if each["forecast"] else "–",
        "–" if price is None else fixed(price, 3),
    )
