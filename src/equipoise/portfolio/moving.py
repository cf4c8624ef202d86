"""Vintages, roll rates and migration of a book."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.portfolio.measured import Moves, RollRow, VintageRow
from equipoise.portfolio.migration import aalen_johansen, cohort, count_moves, duration, spells
from equipoise.portfolio.rolls import NetRolls, balances_by_bucket, net_rolls
from equipoise.portfolio.tape.book import LATE_STATES, STATES, Book
from equipoise.portfolio.tape.document import month_text
from equipoise.portfolio.vintages import NEVER, first_month_where, vintages

DEFAULTED = (STATES.index("91+"), STATES.index("written_off"))
REPAID = STATES.index("repaid")
_MOST_VINTAGES = 24  # as months; more are put together as quarters, then years
_MOST_MONTHS_ON_BOOK = 60


def vintage_rows(book: Book, bad_days: int) -> tuple[VintageRow, ...]:
    """The book's vintages by origination month, quarter or year; a loan whose origination nobody
    told counts from its first month, where that is not the tape's first."""
    opened, first_seen = originated(book)
    dated = opened >= 0
    if not dated.any():
        return ()
    first_bad = first_bad_month(book, bad_days)
    span, step = _span(book, opened), vintage_months(book)
    table = vintages(
        opened[dated],
        first_seen[dated],
        first_bad[dated],
        book.last_month,
        months=min(_MOST_MONTHS_ON_BOOK, span),
        step=step,
        seen_within=book.step,
    )
    low, high = table.interval()
    return tuple(
        VintageRow(
            vintage=month_text(int(month)),
            loans=int(table.loans[at]),
            entered_late=int(table.late_entry[at]),
            ever_bad=int(table.ever_bad[at]),
            rate=_or_none(table.rate[at]),
            low=_or_none(low[at]),
            high=_or_none(high[at]),
        )
        for at, month in enumerate(table.vintage)
        if table.loans[at] + table.late_entry[at] > 0
    )


def first_bad_month(book: Book, bad_days: int) -> IntArray:
    """The first month in which each loan was bad (m,): by the day of its default where that is
    told, else by the tape's rows; `NEVER` where it was not."""
    bad = (book.days > bad_days) | (book.state == STATES.index("written_off"))
    if not book.dated:
        return first_month_where(book.loan, book.month, bad, book.loans.height)
    bad |= book.state == STATES.index("91+")
    by_rows = first_month_where(book.loan, book.month, bad, book.loans.height)
    dated = book.loans["defaulted"].fill_null(NEVER).to_numpy().astype(np.int64)
    return np.where(dated <= book.last_month, dated, by_rows)


def vintage_months(book: Book) -> int:
    """How many months of origination are put together as one vintage."""
    opened = originated(book)[0]
    dated = opened[opened >= 0]
    span = int(dated.max() - dated.min()) + 1 if dated.size else 1
    return next(each for each in (1, 3, 12) if span / each <= _MOST_VINTAGES or each == 12)


def _span(book: Book, opened: IntArray) -> int:
    dated = opened[opened >= 0]
    return book.last_month - int(dated.min()) + 1 if dated.size else 1


def originated(book: Book) -> tuple[IntArray, IntArray]:
    """The month each loan was made in (-1: nobody knows), and the first that is known of it: of the
    tape, or where its default is dated the one that it was made in."""
    rows = book.first_rows()
    first_seen = np.empty(book.loans.height, dtype=np.int64)
    first_seen[book.loan[rows]] = book.month[rows]
    stated = book.loans["opened"].fill_null(-1).to_numpy().astype(np.int64)
    seen = np.where(first_seen > book.first_month, first_seen, -1)
    made = np.where(stated >= 0, stated, seen)
    return made, np.where(made >= 0, made, first_seen) if book.dated else first_seen


def roll_rows(book: Book) -> tuple[tuple[RollRow, ...], tuple[float | None, ...]]:
    """Net roll rates of exposure from one month of the tape to the next, where it has balances,
    else of loans.

    Of the last bucket, in which loans stay for long, only those who are new to it count. Into a
    month that the tape lacks nothing is known to roll.
    """
    first, last, step = book.first_month, book.last_month, book.step
    if last == first:
        return (), ()
    bucket = np.where(book.state < LATE_STATES, book.state, -1)
    stays = (book.loan[1:] == book.loan[:-1]) & (bucket[1:] == bucket[:-1])
    bucket[1:][stays & (bucket[1:] == LATE_STATES - 1)] = -1
    held = book.balance if book.has_balance else np.ones(len(book), dtype=np.int64)
    period = (book.month - first) // step
    table = balances_by_bucket(period, bucket, held, (last - first) // step + 1, LATE_STATES)
    rolls = _where_told(net_rolls(table), np.bincount(period) > 0)
    rows = tuple(
        RollRow(month_text(first + (at + 1) * step), _or_none(rates))
        for at, rates in enumerate(rolls.rates)
    )
    return rows, _or_none(rolls.mean)


def _where_told(rolls: NetRolls, told: BoolArray) -> NetRolls:
    """The rates into periods (T,) that the tape has: into one that it lacks nothing is known."""
    return NetRolls(np.where(told[1:, None], rolls.rates, np.nan))


def recent_moves(book: Book, window: int) -> IntArray:
    """Moves from one month of the tape to the next, of the last `window` months (T, S, S)."""
    counts = count_moves(book.loan, book.month, book.state, len(STATES), step=book.step)
    return counts[-max(window // book.step, 1) :]


def measured_moves(book: Book, counts: IntArray) -> Moves | None:
    """Chances of moving, by three estimators; None where no loan is seen in two steps in a row."""
    if not counts.sum():
        return None
    moves = cohort(counts)
    paths = aalen_johansen(_absorbing(counts), start=0)
    bad = paths.chance[:, list(DEFAULTED)].sum(axis=1)
    low = paths.low[:, DEFAULTED[0]]
    high = paths.high[:, DEFAULTED[0]]
    generator = duration(*spells(book.loan, book.month, book.state, step=book.step), len(STATES))
    rate = generator.rate.copy()
    rate[[*DEFAULTED, REPAID]] = 0.0
    absorbed = replace(generator, rate=rate)
    return Moves(
        states=STATES,
        months=counts.shape[0] * book.step,
        step_months=book.step,
        counts=tuple(tuple(row) for row in moves.counts.tolist()),
        chance=_rows(moves.chance),
        low=_rows(moves.low),
        high=_rows(moves.high),
        bad=tuple(bad.tolist()),
        bad_low=tuple(low.tolist()),
        bad_high=tuple(high.tolist()),
        pd_year_generator=float(absorbed.after(12)[0, list(DEFAULTED)].sum()),
    )


def _absorbing(counts: IntArray) -> IntArray:
    """Moves in which default is one state, and nobody leaves it or comes back from repaid."""
    merged = counts.copy()
    one, other = DEFAULTED
    merged[:, :, one] += merged[:, :, other]
    merged[:, :, other] = 0
    merged[:, [one, other, REPAID], :] = 0
    for state in (one, other, REPAID):
        merged[:, state, state] = 1
    return merged


def _rows(table: FloatArray) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in table.tolist())


def _or_none(values: FloatArray) -> tuple[float | None, ...]:
    return tuple(None if isnan(each) else each for each in values.tolist())
