"""Queries over `rates`, the open loans with what they pay by: repricing gap, worth and duration,
income and value under shocks. What funds the book, and the curve, stand in the query."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite

from equipoise.portfolio.cash_flows import single_monthly_mortality
from equipoise.portfolio.interest_risk import GAP_EDGES
from equipoise.portfolio.losing import MOST_MONTHS
from equipoise.portfolio.numbers.number import Number, Query
from equipoise.portfolio.numbers.of_book import Measured, one_step, text
from equipoise.portfolio.tape.book import LATE_STATES, STATES

_COUNTED = f"rate IS NOT NULL AND COALESCE(state, '') <> {text(STATES[LATE_STATES - 1])}"
_ROWS = (
    "SELECT loan, state, owed, rate, months_left\n"
    "FROM rates\nWHERE {where}\nORDER BY owed DESC, loan"
)
_MONTHS = tuple(12 * each for each in GAP_EDGES)
_WITHIN_A_YEAR = tuple(
    (start, end) for start, end in zip((0.0, *_MONTHS), _MONTHS, strict=False) if end <= 12
)
# a change of zero rates by the years ahead, by its size at the parallel, short and long end
_SHAPES = {
    "parallel_up": "{parallel}",
    "parallel_down": "-{parallel}",
    "steepener": "0.9 * {long} * (1 - EXP(-years / 4)) - 0.65 * {short} * EXP(-years / 4)",
    "flattener": "0.8 * {short} * EXP(-years / 4) - 0.6 * {long} * (1 - EXP(-years / 4))",
    "short_up": "{short} * EXP(-years / 4)",
    "short_down": "-{short} * EXP(-years / 4)",
}


def gap(of: Measured, number: Number) -> Query:
    """What reprices in a bucket of time, of loans and of what funds them, and all up to its end."""
    place = int(number.of)
    start, end = (0.0, *_MONTHS)[place], _MONTHS[place]
    here, so_far = (_between(0.0 if all_ else start, end) for all_ in (False, True))
    return _query(
        f"{_flows(of)}, {_funding(of)}, sides AS (\n"
        "  SELECT month, principal AS assets, 0.0 AS liabilities FROM flows\n"
        "  UNION ALL SELECT month, 0.0, amount FROM funding\n"
        ")\n"
        f"SELECT {_sum('assets', here)} AS of_loans,\n"
        f"  {_sum('liabilities', here)} AS of_funding,\n"
        f"  {_sum('assets - liabilities', here)} AS gap,\n"
        f"  {_sum('assets - liabilities', so_far)} AS so_far\n"
        "FROM sides"
    )


def worth(of: Measured, _: Number) -> Query:
    """What loans pay at market rates, and its duration at the one yield that gives as much."""
    yield_ = repr(float(of["interest"]["market_yield"]))
    return _query(
        f"{_flows(of)}, valued AS (\n"
        "  SELECT month / 12.0 AS years, total,\n"
        f"    {_rate(of, 'month / 12.0')} AS rate,\n"
        f"    total * POWER(1 + {yield_}, -month / 12.0) AS worth\n"
        "  FROM flows\n"
        ")\n"
        "SELECT SUM(total * EXP(-rate * years)) AS value,\n"
        "  SUM(years * worth) / SUM(worth) AS duration,\n"
        f"  0.01 * SUM(years * worth) / SUM(worth) / (1 + {yield_})\n"
        "    - 0.00005 * SUM(years * (years + 1) * worth) / SUM(worth)\n"
        f"      / POWER(1 + {yield_}, 2) AS taken_off\n"
        "FROM valued"
    )


def income(of: Measured, number: Number) -> Query:
    """A parallel shock's change of a year's income: what reprices in a bucket does so at its
    middle."""
    size = float(of["interest"]["shocks"]["parallel"]) * (1 if number.of == "up" else -1)
    left = " ".join(
        f"WHEN month <= {end!r} THEN {1 - (start + end) / 24!r}" for start, end in _WITHIN_A_YEAR
    )
    return _query(
        f"{_flows(of)}, {_funding(of)}, sides AS (\n"
        "  SELECT month, principal AS amount FROM flows\n"
        "  UNION ALL SELECT month, -amount * passed_on FROM funding\n"
        ")\n"
        f"SELECT {size!r} * SUM(amount * CASE {left} ELSE 0 END) AS change\nFROM sides"
    )


def shock(of: Measured, number: Number) -> Query:
    """A shock's change of what loans and funding are worth; no rate goes below zero for it."""
    sizes = {name: repr(float(size)) for name, size in of["interest"]["shocks"].items()}
    return _query(
        f"{_flows(of)}, {_funding(of)}, sides AS (\n"
        "  SELECT month / 12.0 AS years, total AS amount FROM flows\n"
        "  UNION ALL SELECT month / 12.0, -amount * (1 + rate * month / 12.0) FROM funding\n"
        "), market AS (\n"
        f"  SELECT years, amount,\n    {_rate(of, 'years')} AS rate,\n"
        f"    {_SHAPES[number.of].format(**sizes)} AS shift\n"
        "  FROM sides\n"
        "), moved AS (\n"
        "  SELECT *,\n"
        "    CASE WHEN rate + shift < 0 THEN LEAST(rate, 0) ELSE rate + shift END AS after\n"
        "  FROM market\n"
        ")\n"
        "SELECT SUM(amount * EXP(-after * years)) - SUM(amount * EXP(-rate * years)) AS change\n"
        "FROM moved"
    )


def left_out(_: Measured, __: Number) -> Query:
    """Loans that no rate is told of, or more than 90 days late."""
    where = f"NOT ({_COUNTED})"
    return Query(
        "rates", f"SELECT COUNT(*) AS loans\nFROM rates\nWHERE {where}", _ROWS.format(where=where)
    )


def prepaid(of: Measured, _: Number) -> Query:
    """The yearly rate at which loans that were not late were repaid whole before their term."""
    before_term = "TRUE"
    if of["interest"]["term_told"]:
        last = "opened + (CAST(term AS INTEGER) - 1) * INTERVAL '1' MONTH"
        before_term = f"COALESCE(next_month < {last}, TRUE)"
    seen = f"state = 'current' AND next_month = month + {one_step(of)}"
    early = f"next = 'repaid' AND {before_term}"
    a_year = 12 // int(of["summary"]["step_months"])
    term = ", term" if of["interest"]["term_told"] else ""
    return Query(
        "book",
        "SELECT 1 - POWER(1 - SUM(CASE WHEN "
        f"{early}\n    THEN balance ELSE 0 END) / SUM(balance), {a_year}) AS a_year\n"
        f"FROM book\nWHERE {seen}",
        f"SELECT loan, month, opened{term}, balance, next_month, next\n"
        f"FROM book\nWHERE {seen}\n  AND {early}\nORDER BY balance DESC, loan",
    )


def _query(sql: str) -> Query:
    return Query("rates", sql, _ROWS.format(where=_COUNTED))


def _flows(of: Measured) -> str:
    """What loans pay by months ahead: level instalments, and of what is left then a part early."""
    stays = repr(1 - single_monthly_mortality(of["interest"]["prepayment"]))
    return (
        "WITH alike AS (\n"
        "  SELECT rate / 12 AS r, months_left AS n, SUM(owed) AS owed\n"
        f"  FROM rates\n  WHERE {_COUNTED}\n  GROUP BY 1, 2\n"
        "), ahead AS (\n"
        f"  SELECT r, t,\n    owed * {_owed_at('t', stays)} AS start,\n"
        f"    owed * {_owed_at('t + 1', stays)} AS finish\n"
        f"  FROM alike JOIN generate_series(0, {MOST_MONTHS - 1}) AS months(t) ON t < n\n"
        "), flows AS (\n"
        "  SELECT t + 1 AS month, SUM(start - finish) AS principal,\n"
        "    SUM(start - finish + start * r) AS total\n"
        "  FROM ahead GROUP BY t\n"
        ")"
    )


def _owed_at(month: str, stays: str) -> str:
    """The part of what is owed now that is owed so many months on."""
    level = f"(POWER(1 + r, n) - POWER(1 + r, {month})) / NULLIF(POWER(1 + r, n) - 1, 0)"
    straight = f"1 - ({month}) / (n * 1e0)"
    return f"POWER({stays}, {month})\n      * COALESCE({level},\n        {straight})"


def _funding(of: Measured) -> str:
    rows = of["interest"]["funding"]
    if not rows:
        columns = ", ".join(f"0e0 AS {e}" for e in ("month", "amount", "rate", "passed_on"))
        return f"funding AS (\n  SELECT {columns}\n)"
    values = ",\n    ".join(
        "(" + ", ".join(_plain(e[name]) for name in ("months", "amount", "rate", "passed_on")) + ")"
        for e in rows
    )
    return (
        f"funding AS (\n  SELECT * FROM (VALUES\n    {values}\n"
        "  ) AS funds(month, amount, rate, passed_on)\n)"
    )


def _rate(of: Measured, years: str) -> str:
    """The zero rate at a time: level beyond both ends of the curve, straight between its points."""
    curve: Sequence[Sequence[float]] = of["interest"]["curve"]
    (_, first), (_, last) = curve[0], curve[-1]
    cases = [f"WHEN {years} <= {curve[0][0]!r} THEN {first!r}"]
    for (start, low), (end, high) in pairwise(curve):
        slope = (high - low) / (end - start)
        cases.append(f"WHEN {years} <= {end!r} THEN {low!r} + ({years} - {start!r}) * {slope!r}")
    lines = "\n      ".join([*cases, f"ELSE {last!r} END"])
    return f"CASE\n      {lines}"


def _between(start: float, end: float) -> str:
    until = f" AND month <= {end!r}" if isfinite(end) else ""
    return f"month > {start!r}{until}"


def _sum(what: str, where: str) -> str:
    return f"COALESCE(SUM(CASE WHEN {where} THEN {what} END), 0)"


def _plain(value: float) -> str:
    written = repr(float(value))
    return written if "e" in written else f"{written}e0"  # a DOUBLE to DuckDB, no DECIMAL
