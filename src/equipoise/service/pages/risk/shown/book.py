"""A measured book as its page shows it, from the figures that `portfolio report --json` tells; each
number leads to its query and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from equipoise.portfolio import Number, figures_of
from equipoise.report.sections.book_words import DIMENSIONS, GRADES, STATES
from equipoise.service.pages.charts.axes import Axis
from equipoise.service.pages.charts.figures import Bar, Bars, Cell, Lines, Reading, Rule, Series
from equipoise.service.pages.risk.rows import Linked, Said, ShownTable, table
from equipoise.service.pages.risk.shown.number import address
from equipoise.service.pages.risk.shown.number_words import APPROACHES
from equipoise.service.pages.risk.shown.rates import Link, shown_rates
from equipoise.texts.numbers import ABSENT, count, fixed, money, percent
from equipoise.texts.saying import say

_MOST_VINTAGES = 5  # the youngest; a chart tells no more lines apart
_MONTHS = (0, 3, 6, 9, 12, 18, 24, 30, 36, 48, 60)  # on book, of the table of vintages


def shown_book(book: Mapping[str, Any], measuring: int) -> Mapping[str, Any]:
    """Everything that the page writes, in the language spoken now."""
    summary, currency = book["summary"], book["summary"]["currency"]
    known = figures_of(book)

    def link(text: str, number: Number) -> Linked:
        return Linked(text, address(measuring, number) if number in known else "")

    return {
        "summary": summary,
        "facts": [
            (say("Open loans"), link(count(summary["open_loans"]), Number("open"))),
            (say("Exposure"), link(money(summary["exposure"], currency), Number("open"))),
            *(
                (name, link(percent(summary[f"late{days}_share"]), Number("late", days)))
                for name, days in (
                    (say("More than 30 days late"), "30"),
                    (say("More than 90 days late"), "90"),
                )
            ),
        ],
        "tape": [(each["file"], each["sha256"][:12]) for each in book["deliveries"]],
        "vintages": _vintages(book["vintages"]),
        "vintage_table": _vintage_table(book["vintages"], link),
        "limits": _limits(book["limits"]),
        "tables": [each for each in _tables(book, currency, link) if each is not None],
        "rates": shown_rates(book["interest"], currency, link),
        "faults": link(count(len(book["faults"])), Number("faults")) if book["faults"] else "",
    }


def _tables(book: Mapping[str, Any], currency: str, link: Link) -> Iterator[ShownTable | None]:
    exposure = (say("Loans"), say("Exposure"))
    head = (say("From and to"), say("Mean net roll rate"))
    yield table(say("Roll rates"), head, _rolls(book, link))
    yield _moves(book["moves"], link)
    yield table(
        say("Expected credit losses"),
        (say("Stage"), *exposure, say("Allowance")),
        _stages(book["losses"], currency, link),
    )
    yield table(
        say("Capital"),
        (say("Approach"), say("Risk-weighted assets"), say("Capital asked for")),
        _capital(book["capital"], currency, link),
    )
    grades = _grades(book["grades"], currency, link)
    yield table(say("Five grades"), (say("Grade"), *exposure), grades)
    yield table(
        say("Concentration"),
        (say("Dimension"), say("Names"), "HHI", say("Ten largest"), say("The largest")),
        _concentration(book["concentration"], currency, link),
    )
    yield table(
        say("Limits"),
        (
            say("Limit"), say("Of"), say("Exposure"), say("Limit in money"), say("Used"),
            say("If the flow goes on"), say("Shadow price"),
        ),
        (_limit(each, currency, link) for each in book["limits"]),
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


def _vintage_table(rows: list[Mapping[str, Any]], link: Link) -> ShownTable | None:
    """Vintages by months on book; nothing where not all loans were watched so long."""
    months = [each for each in _MONTHS if any(_rate(row, each) is not None for row in rows)]
    head = (
        say("Vintage"), say("Loans"), *(say("{n} months", n=each) for each in months),
        say("By the end of the tape"),
    )  # fmt: skip
    return table(
        say("Bad so far, by vintage"),
        head,
        (
            (
                row["vintage"],
                link(count(row["loans"] + row["entered_late"]), Number("ever_bad", row["vintage"])),
                *(_cell(row, each, link) for each in months),
                _ever_bad(row, link),
            )
            for row in rows
        ),
    )


def _ever_bad(row: Mapping[str, Any], link: Link) -> Said:
    share = row["ever_bad"] / (row["loans"] + row["entered_late"])
    return link(percent(share), Number("ever_bad", row["vintage"]))


def _cell(row: Mapping[str, Any], month: int, link: Link) -> Said:
    rate = _rate(row, month)
    if rate is None:
        return ABSENT
    return link(percent(rate), Number("vintage", row["vintage"], str(month)))


def _rate(row: Mapping[str, Any], month: int) -> float | None:
    """The bad rate by a month on book; None where it is censored, or beyond what was looked at."""
    rates: list[float | None] = row["rate"]
    return rates[month] if month < len(rates) else None


def _rolls(book: Mapping[str, Any], link: Link) -> list[tuple[Said, ...]]:
    """The mean net roll rate from each bucket to the next."""
    buckets = [each["state"] for each in book["buckets"]]
    return [
        (f"{say(STATES[one])} → {say(STATES[two])}", link(percent(rate), Number("roll", one)))
        for one, two, rate in zip(buckets, buckets[1:], book["roll_mean"], strict=False)
    ]


def _moves(moves: Mapping[str, Any] | None, link: Link) -> ShownTable | None:
    """The chances of moving within a step of the tape, from the states that loans were seen in."""
    if moves is None:
        return None
    states = moves["states"]
    return table(
        say("Moves in a month")
        if moves["step_months"] == 1
        else say("Moves in {n} months", n=moves["step_months"]),
        (say("From and to"), *(say(STATES[each]) for each in states)),
        (
            (
                say(STATES[one]),
                *(
                    link(percent(chance), Number("move", one, two))
                    for two, chance in zip(states, chances, strict=True)
                ),
            )
            for one, chances, counts in zip(states, moves["chance"], moves["counts"], strict=True)
            if sum(counts)
        ),
    )


def _stages(losses: Mapping[str, Any] | None, currency: str, link: Link) -> list[tuple[Said, ...]]:
    if losses is None:
        return []
    rows: list[tuple[Said, ...]] = []
    for each in losses["stages"]:
        number = Number("stage", str(each["stage"]))
        rows.append(
            (
                str(each["stage"]),
                link(count(each["loans"]), number),
                link(money(each["exposure"], currency), number),
                link(money(each["allowance"], currency), number),
            )
        )
    whole = link(money(losses["allowance"], currency), Number("allowance"))
    life = link(money(losses["lifetime"], currency), Number("lifetime"))
    return [
        *rows,
        (say("All"), "", "", whole),
        (say("Expected losses over the whole life of every loan"), "", "", life),
    ]


def _capital(
    capital: Mapping[str, Any] | None, currency: str, link: Link
) -> list[tuple[Said, ...]]:
    if capital is None:
        return []
    return [
        (
            say(name),
            link(money(capital[approach], currency), Number("capital", approach)),
            link(
                money(capital[approach] * capital["ratio"], currency), Number("capital", approach)
            ),
        )
        for approach, name in APPROACHES.items()
    ]


def _grades(grades: Mapping[str, Any] | None, currency: str, link: Link) -> list[tuple[Said, ...]]:
    return [
        (
            say(GRADES[row["grade"]]),
            link(count(row["loans"]), Number("grade", row["grade"])),
            link(money(row["exposure"], currency), Number("grade", row["grade"])),
        )
        for row in (grades["rows"] if grades else ())
    ]


def _concentration(
    rows: list[Mapping[str, Any]], currency: str, link: Link
) -> list[tuple[Said, ...]]:
    return [
        (
            say(DIMENSIONS[row["by"]]),
            *(
                link(text, Number("concentration", row["by"]))
                for text in (count(row["names"]), fixed(row["hhi"], 4), percent(row["top10"]))
            ),
            [
                link(f"{name} {money(owed, currency)}", Number("largest", row["by"], name))
                for name, owed in row["largest"][:3]
            ],
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


def _limit(each: Mapping[str, Any], currency: str, link: Link) -> tuple[Said, ...]:
    price, ahead = each["shadow_price"], each["forecast"][-1] if each["forecast"] else None
    number = Number("limit", each["name"], each["of"])
    return (
        each["name"],
        each["of"],
        link(money(each["exposure"], currency), number),
        link(money(each["limit"], currency), number),
        link(percent(each["use"]), number),
        ABSENT if ahead is None else link(percent(ahead), number),
        ABSENT
        if price is None
        else link(fixed(price, 3), Number("price", each["name"], each["of"])),
    )
