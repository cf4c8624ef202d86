"""Queries over `book`, the loan-months: who is open and late, vintages, roll rates, moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.expression import literal, quoted
from equipoise.portfolio.numbers.number import Number, Query
from equipoise.portfolio.tape.book import LATE_STATES, STATES
from equipoise.portfolio.tape.document import month_of, month_text

Measured = Mapping[str, Any]
"""A measured book as plain data, as `BookMeasured.as_dict` gives it."""


def text(value: str) -> str:
    """A text as SQL has it."""
    return literal(value, "duckdb")


def name(column: str) -> str:
    """A column as SQL has it."""
    return quoted(column, "duckdb")


def first_day(month: str) -> str:
    """The first day of a month (YYYY-MM) as SQL has it."""
    return f"DATE '{month}-01'"


def later(month: str, months: int) -> str:
    """The month so many months on, or back."""
    return month_text((month_of(month) or 0) + months)


def is_open(of: Measured) -> str:
    """The rows of loans that owe something at the book's last month."""
    ended = "COALESCE(state, '') NOT IN ('repaid', 'written_off')"
    at = f"month = {first_day(of['summary']['as_of'])} AND {ended}"
    return f"{at} AND balance > 0" if of["summary"]["has_balance"] else at


def owed(of: Measured) -> str:
    """What is summed: money, or loans where the tape has no balances."""
    return "balance" if of["summary"]["has_balance"] else "1.0"


def _columns(of: Measured) -> str:
    balance = ", balance" if of["summary"]["has_balance"] else ""
    return f"loan, month, opened, state, days{balance}"


def _ordered(of: Measured) -> str:
    return "ORDER BY balance DESC, loan" if of["summary"]["has_balance"] else "ORDER BY loan"


def open_now(of: Measured, _: Number) -> Query:
    """Open loans and what they owe."""
    exposure = ", SUM(balance) AS exposure" if of["summary"]["has_balance"] else ""
    return Query(
        "book",
        f"SELECT COUNT(*) AS loans{exposure}\nFROM book\nWHERE {is_open(of)}",
        f"SELECT {_columns(of)}\nFROM book\nWHERE {is_open(of)}\n{_ordered(of)}",
    )


def late(of: Measured, number: Number) -> Query:
    """The share of the exposure that is more than so many days late."""
    days, amount = int(number.of), owed(of)
    return Query(
        "book",
        f"SELECT SUM(CASE WHEN days > {days} THEN {amount} ELSE 0 END) / SUM({amount}) AS share\n"
        f"FROM book\nWHERE {is_open(of)}",
        f"SELECT {_columns(of)}\nFROM book\nWHERE {is_open(of)} AND days > {days}\n{_ordered(of)}",
    )


def vintage(of: Measured, number: Number) -> Query:
    """Of a vintage's loans that the tape has from their beginning, those bad by a month on book."""
    return _vintage(
        of,
        number,
        f"COALESCE(bad_at <= {int(number.at)}, FALSE)",
        f"seen_from <= {of['summary']['step_months']}",
    )


def ever_bad(of: Measured, number: Number) -> Query:
    """Of all loans of a vintage on the tape, those bad in any of its months."""
    return _vintage(of, number, "bad_at IS NOT NULL", "TRUE")


def _vintage(of: Measured, number: Number, bad: str, counted: str) -> Query:
    summary = of["summary"]
    until = later(number.of, summary["vintage_months"])
    was_bad = f"days > {summary['bad_days']} OR state = 'written_off'"
    seen_from, dated = "MIN(months_on_book)", ""
    if summary["dated"]:
        was_bad += f" OR state = {text(STATES[LATE_STATES - 1])}"
        seen_from, dated = "0", "MIN(CASE WHEN defaulted <= month THEN\n      "
        dated += "GREATEST(DATE_DIFF('month', made, defaulted), 0) END)"
    by_rows = f"MIN(CASE WHEN {was_bad} THEN months_on_book END)"
    loans = (
        f"SELECT loan, MIN(made) AS made, {seen_from} AS seen_from,\n"
        f"    {f'COALESCE({dated}, {by_rows})' if dated else by_rows} AS bad_at\n"
        "  FROM book\n"
        f"  WHERE made >= {first_day(number.of)} AND made < {first_day(until)}\n"
        "  GROUP BY loan"
    )
    of_them = f"FROM (\n  {loans}\n) AS vintage\nWHERE {counted}"
    return Query(
        "book",
        f"SELECT AVG(CASE WHEN {bad} THEN 1.0 ELSE 0 END) AS rate, COUNT(*) AS loans\n{of_them}",
        f"SELECT loan, made, seen_from, bad_at, {bad} AS bad\n{of_them}\n"
        "ORDER BY bad_at IS NULL, bad_at, loan",
    )


def one_step(of: Measured) -> str:
    """From one month of the tape to the next, as SQL has it."""
    return f"INTERVAL '{of['summary']['step_months']}' MONTH"


def roll(of: Measured, number: Number) -> Query:
    """The mean over months of what stands in the next bucket, of what stood in this one."""
    to = STATES[STATES.index(number.of) + 1]
    arrived = f"state = {text(to)}"
    if to == STATES[LATE_STATES - 1]:
        arrived += f" AND COALESCE(before, '') <> {text(to)}"
    amount, last, step = owed(of), first_day(of["summary"]["as_of"]), one_step(of)
    shared = (
        "WITH held AS (\n"
        "  SELECT month,\n"
        f"    SUM(CASE WHEN state = {text(number.of)} THEN {amount} ELSE 0 END) AS here,\n"
        f"    SUM(CASE WHEN {arrived} THEN {amount} ELSE 0 END) AS arrived\n"
        "  FROM book GROUP BY month\n"
        "), rolled AS (\n"
        "  SELECT held.month, held.here, after.arrived, after.arrived / held.here AS rate\n"
        f"  FROM held JOIN held AS after ON after.month = held.month + {step}\n"
        f"  WHERE held.here > 0 AND held.month < {last}\n"
        ")\n"
    )
    return Query(
        "book",
        f"{shared}SELECT AVG(rate) AS rate FROM rolled",
        f"{shared}SELECT month, here, arrived, rate FROM rolled ORDER BY month DESC",
    )


def move(of: Measured, number: Number) -> Query:
    """Of loans seen in a state and again in the tape's next month, those found in another then."""
    since = later(of["summary"]["as_of"], -of["moves"]["months"])
    where = (
        f"state = {text(number.of)} AND next IS NOT NULL\n"
        f"  AND next_month = month + {one_step(of)} AND next_month > {first_day(since)}"
    )
    there = f"next = {text(number.at)}"
    return Query(
        "book",
        f"SELECT AVG(CASE WHEN {there} THEN 1.0 ELSE 0 END) AS chance,\n"
        f"  SUM(CASE WHEN {there} THEN 1 ELSE 0 END) AS moved, COUNT(*) AS seen\n"
        f"FROM book\nWHERE {where}",
        "SELECT loan, month, state, next_month, next\n"
        f"FROM book\nWHERE {where}\n  AND {there}\nORDER BY month DESC, loan",
    )
