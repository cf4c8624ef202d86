"""What a move of market rates does to a book: gap, duration, income and value."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.portfolio import BookMeasured, InterestMeasured
from equipoise.report.blocks import Block, Column, Section, Table, Text
from equipoise.texts.numbers import count, fixed, money, percent
from equipoise.texts.saying import marked, say

SHOCKS: Mapping[str, str] = {
    "parallel_up": marked("all rates up"),
    "parallel_down": marked("all rates down"),
    "steepener": marked("steeper: short down, long up"),
    "flattener": marked("flatter: short up, long down"),
    "short_up": marked("short rates up"),
    "short_down": marked("short rates down"),
}


def rates(measured: BookMeasured) -> Section:
    """Interest rate risk, where portfolio.yaml has a curve."""
    title = say("Interest rates")
    interest, currency = measured.interest, measured.summary.currency
    if interest is None:
        absent = say(
            "portfolio.yaml has no curve of market rates under rates, or no open loan tells its "
            "rate and what it owes."
        )
        return Section("rates", title, title, [], absent)
    blocks: list[Block] = [
        Text(worth(interest, currency)),
        gap(interest, currency),
        shocks(interest, currency),
        Text(income(interest, currency)),
    ]
    return Section("rates", title, title, blocks)


def worth(interest: InterestMeasured, currency: str) -> str:
    """What the loans' payments are worth, and how that follows rates."""
    return say(
        "What loans pay is worth {value} at market rates; its duration is {years} years: "
        "one percentage point more takes {change} off.",
        value=money(interest.value, currency),
        years=fixed(interest.duration, 2),
        change=percent(interest.modified * 0.01 - 0.5 * interest.convexity * 0.0001),
    )


def income(interest: InterestMeasured, currency: str) -> str:
    """How a year's income follows rates, and what was assumed and left out."""
    return say(
        "Net interest income within a year changes by {up} if all rates rise by {size}, "
        "and by {down} if they fall as much. Early repayment goes on at {cpr} a year; "
        "{seen} was seen. {n} loans without a rate or more than 90 days late are left out.",
        up=money(interest.income_up, currency),
        down=money(interest.income_down, currency),
        size=percent(interest.shocks["parallel"]),
        cpr=percent(interest.prepayment),
        seen=percent(interest.prepayment_seen),
        n=count(interest.left_out),
    )


def gap(interest: InterestMeasured, currency: str) -> Table:
    """What reprices when, of loans and of what funds them."""
    columns = (
        Column(say("Reprices within")),
        Column(say("Loans, money"), True),
        Column(say("Funding"), True),
        Column(say("Loans less funding"), True),
        Column(say("Gap so far"), True),
    )
    rows = [
        [
            until_text(row.until),
            *(money(each, currency) for each in (row.assets, row.liabilities)),
            *(money(each, currency) for each in (row.gap, row.cumulative)),
        ]
        for row in interest.gap
    ]
    return Table("rates-gap", say("Repricing gap"), columns, rows)


def until_text(years: float) -> str:
    """The end of a bucket of time, in words."""
    if years == float("inf"):
        return say("later")
    if years < 1:
        return say("{n} months", n=round(years * 12))
    return say("1 year") if years == 1 else say("{n} years", n=round(years))


def shocks(interest: InterestMeasured, currency: str) -> Table:
    """What economic value changes by under each of the Committee's shocks."""
    columns = (Column(say("Shock")), Column(say("Economic value changes by"), True))
    rows = [
        [say(SHOCKS[name]), money(change, currency)] for name, change in interest.values.items()
    ]
    return Table("rates-shocks", say("Six shocks of market rates"), columns, rows)
