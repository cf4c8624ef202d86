"""Queries over `book` by name: how the exposure gathers, and how far limits are used; and over
`prices`, the constraints of the balance that was at hand."""

from __future__ import annotations

from typing import Any

from equipoise.portfolio.gathering import FLOW_MONTHS
from equipoise.portfolio.limits import AHEAD
from equipoise.portfolio.numbers.number import Number, Query
from equipoise.portfolio.numbers.of_book import Measured, first_day, is_open, later, name, text
from equipoise.portfolio.tape.book import LATE_STATES, STATES
from equipoise.portfolio.tape.document import month_of

_PEOPLE = ("customer", "group")
_TEN = 10


def concentration(of: Measured, number: Number) -> Query:
    """Indices of the shares of a dimension's names."""
    shared = (
        "WITH names AS (\n"
        f"  SELECT {_named(number.of)} AS name, COUNT(*) AS loans, SUM(balance) AS owed\n"
        f"  FROM book\n  WHERE {is_open(of)}\n  GROUP BY 1\n"
        "), shares AS (\n"
        "  SELECT *, owed / SUM(owed) OVER () AS share,\n"
        "    ROW_NUMBER() OVER (ORDER BY owed DESC, name) AS place\n"
        "  FROM names\n"
        ")\n"
    )
    # who owes it is not needed to see how it gathers
    who = "" if number.of in _PEOPLE else "name, "
    return Query(
        "book",
        f"{shared}SELECT COUNT(*) AS names, SUM(share * share) AS hhi,\n"
        f"  SUM(CASE WHEN place <= {_TEN} THEN share ELSE 0 END) AS top10\nFROM shares",
        f"{shared}SELECT place, {who}loans, owed, share FROM shares ORDER BY place",
    )


def largest(of: Measured, number: Number) -> Query:
    """What one name of a dimension owes."""
    where = f"{is_open(of)}\n  AND {_named(number.of)} = {text(number.at)}"
    return Query(
        "book",
        f"SELECT COUNT(*) AS loans, SUM(balance) AS exposure\nFROM book\nWHERE {where}",
        f"SELECT loan, month, state, days, balance\nFROM book\nWHERE {where}\n"
        "ORDER BY balance DESC, loan",
    )


def limit(of: Measured, number: Number) -> Query:
    """What a limit's name owes of what it may, now and a year on by the flow of late."""
    used, last = _used(of, number), of["summary"]["as_of"]
    counted = "state IN (" + ", ".join(map(text, STATES[:LATE_STATES])) + ")"
    here = f"{_named(used['by'])} = {text(number.at)}"
    first = max(of["summary"]["first_month"], later(last, -FLOW_MONTHS))
    columns = [
        f"SUM(CASE WHEN month = {first_day(month)}{also} THEN balance ELSE 0 END) AS {column}"
        for month, also, column in (
            (last, f" AND {here}", "exposure"),
            (first, f" AND {here}", "exposure_before"),
            (last, "", "whole"),
            (first, "", "whole_before"),
        )
    ]
    flow = "WITH flow AS (\n  SELECT " + ",\n    ".join(columns)
    flow += f"\n  FROM book\n  WHERE {counted}\n)\n"
    return Query(
        "book",
        f"{flow}SELECT exposure, {_most(of, used)} AS at_most,\n"
        f"  exposure / ({_most(of, used)}) AS used{_ahead(used, first, last)}\nFROM flow",
        f"SELECT loan, month, state, days, balance\nFROM book\n"
        f"WHERE month = {first_day(last)} AND {counted} AND {here} AND balance > 0\n"
        "ORDER BY balance DESC, loan",
    )


def price(of: Measured, number: Number) -> Query:
    """The shadow price of the appetite's constraint that the limit names."""
    row = text(_used(of, number)["constraint"])
    return Query(
        "prices",
        f"SELECT price\nFROM prices\nWHERE constraint_name = {row}",
        "SELECT constraint_name, at_most, used, price, unit\nFROM prices\nORDER BY constraint_name",
    )


def _named(by: str) -> str:
    """A loan's name in a dimension; a loan whose customer nobody tells is nobody else's."""
    if by == "customer":
        return "COALESCE(customer, 'loan ' || loan)"
    if by == "vintage":
        return "COALESCE(SUBSTR(CAST(opened AS VARCHAR), 1, 7), '')"
    return f"COALESCE({name(by)}, '')"


def _used(of: Measured, number: Number) -> dict[str, Any]:
    """The limit as it was measured. Raises StopIteration where there is none of that name."""
    return next(e for e in of["limits"] if (e["name"], e["of"]) == (number.of, number.at))


def _most(of: Measured, used: dict[str, Any]) -> str:
    if used["share"] is None:
        return _plain(used["limit"])
    return f"{_plain(used['share'])} * (SELECT SUM(balance) FROM book WHERE {is_open(of)})"


def _ahead(used: dict[str, Any], first: str, last: str) -> str:
    months = (month_of(last) or 0) - (month_of(first) or 0)
    if not months:
        return ""
    ahead = [
        f"GREATEST({each} + {AHEAD[-1]}.0 * ({each} - {each}_before) / {months}, 0)"
        for each in ("exposure", "whole")
    ]
    share = used["share"]
    whole = _plain(used["limit"]) if share is None else f"{_plain(share)} * {ahead[1]}"
    return f",\n  {ahead[0]}\n    / NULLIF({whole}, 0) AS ahead"


def _plain(value: float) -> str:
    return repr(float(value))
