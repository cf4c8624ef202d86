"""The booked loans as a monthly tape, as a lender's systems would deliver it."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.simulation import loan
from equipoise.simulation.columns import application_ids, names
from equipoise.simulation.history import History
from equipoise.simulation.loan import monthly_hazard
from equipoise.simulation.loans import DAYS_TO_BOOK, months_watched
from equipoise.simulation.parameters import Parameters
from equipoise.simulation.population import Population

STATUSES = ("current", "late", "default", "written_off", "closed")
CURRENT, LATE, DEFAULT, WRITTEN_OFF, CLOSED = range(5)
# Of those who never default, some pay a month late now and then: this many times the monthly hazard
# of default, and no more than so often. Assumed; no public figure tells the two apart.
LATE_TO_DEFAULT, MOST_LATE = 4.0, 0.3
DAYS_LATE = 15  # past the due day, at the end of the month of an instalment that was not paid
_DEFAULT_DAYS = 90


def tape_frame(
    parameters: Parameters, population: Population, history: History, seed: int
) -> pl.DataFrame:
    """One row per booked loan and month from its first instalment on, until it is closed, written
    off, or the observation date.

    `balance` is what is owed after the month, without interest on arrears. The first instalment
    that is never paid begins a default (`default_month` of the applications): 15, 45, 75 and 105
    days past due at the months' ends, `default` from the fourth, written off when recoveries
    close. Others are late now and then, and pay the month after.
    """
    rows = np.flatnonzero(history.loans.booked)
    watched = months_watched(parameters, history.way.end_time)[rows]
    term = population.observed.term[rows]
    default = history.loans.default_month[rows]
    close = parameters.loss.months_to_close
    last = np.where(default > 0, np.minimum(default + close, watched), np.minimum(watched, term))
    last = np.maximum(last, 0)
    which = np.repeat(np.arange(rows.size), last)
    month = np.arange(which.size) - np.repeat(np.cumsum(last) - last, last) + 1
    late = _late_now(parameters, history, rows, seed)(which, month, term[which])
    status, days, paid = _course(month, default[which], term[which], close, late)
    offers = history.offers
    owed = loan.balance_after(offers.amount[rows][which], offers.apr[rows][which],
                              term[which], paid)  # fmt: skip
    opened = _opened(parameters, history)[rows]
    return pl.DataFrame(
        {
            "loan_id": application_ids(rows, history.first).gather(which),
            "month": _written(opened[which] + month),
            "opened": _written(opened)[which],
            "amount": np.round(offers.amount[rows], 2)[which],
            "term": term[which].astype(np.int16),
            "apr": offers.apr[rows][which],
            "balance": np.round(np.maximum(owed, 0.0), 2),
            "days_past_due": days.astype(np.int16),
            "status": names(status, STATUSES),
            **_segments(population, rows, which),
        }
    )


def _course(
    month: IntArray, default: IntArray, term: IntArray, close: int, late: BoolArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Status, days past due and instalments paid of each row."""
    since = np.where(default > 0, month - default, -1)
    unpaid = (default > 0) & (since >= 0)
    days = np.where(unpaid, since * 30 + DAYS_LATE, np.where(late, DAYS_LATE, 0))
    paid = np.where(unpaid, default - 1, np.where(late, month - 1, month))
    status = np.where(days > _DEFAULT_DAYS, DEFAULT, np.where(days > 0, LATE, CURRENT))
    status = np.where(unpaid & (since >= close), WRITTEN_OFF, status)
    return np.where(~unpaid & (month == term), CLOSED, status), days, paid


class _LateNow:
    """Who pays late in a month and makes up for it: by the loan, the month and the seed alone."""

    def __init__(self, chance: FloatArray, numbers: IntArray, seed: int) -> None:
        self._chance, self._numbers = chance, numbers
        self._key = np.uint64((seed * 0x9E3779B97F4A7C15 + crc32(b"late_now")) & (2**64 - 1))

    def __call__(self, which: IntArray, month: IntArray, term: IntArray) -> BoolArray:
        lot = _uniform(self._numbers[which] * 512 + month, self._key)
        return np.asarray((lot < self._chance[which]) & (month < term))


def _late_now(parameters: Parameters, history: History, rows: IntArray, seed: int) -> _LateNow:
    hazard = monthly_hazard(history.offers.pd[rows], parameters.default.window_months)
    chance = np.minimum(LATE_TO_DEFAULT * hazard, MOST_LATE)
    return _LateNow(np.asarray(chance), rows + history.first, seed)


def _uniform(counter: IntArray, key: np.uint64) -> FloatArray:
    """Numbers in [0, 1) of a counter: SplitMix64, so that no block depends on another."""
    with np.errstate(over="ignore"):
        x: NDArray[np.uint64] = counter.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + key
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
    return (x >> np.uint64(11)).astype(np.float64) / 2.0**53


def _opened(parameters: Parameters, history: History) -> IntArray:
    """The month each loan was booked in, counted since the year 0."""
    first = np.datetime64(parameters.calendar.first_date)
    days = np.floor(history.way.end_time / 24.0 + DAYS_TO_BOOK)
    booked = np.where(history.loans.booked, days, 0).astype(np.int64)
    months = (first + booked.astype("timedelta64[D]")).astype("datetime64[M]").astype(np.int64)
    return np.asarray(months + 1970 * 12)


def _written(months: IntArray) -> pl.Series:
    text = pl.DataFrame({"y": months // 12, "m": months % 12 + 1})
    return text.select(
        pl.format("{}-{}", pl.col("y"), pl.col("m").cast(pl.String).str.zfill(2))
    ).to_series()


def _segments(population: Population, rows: IntArray, which: IntArray) -> dict[str, pl.Series]:
    seen = population.observed
    return {
        name: names(codes.codes[rows][which], codes.names)
        for name, codes in (
            ("region", seen.region), ("channel", seen.channel), ("purpose", seen.purpose)
        )
    }  # fmt: skip
