"""What a move of market rates does to a book and to what funds it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.portfolio.cash_flows import level_flows
from equipoise.portfolio.document import MarketRates
from equipoise.portfolio.interest_risk import (
    duration_of,
    income_change,
    present_value,
    repricing_gap,
    value_changes,
)
from equipoise.portfolio.losing import OpenLoans
from equipoise.portfolio.measured import Funding, InterestMeasured
from equipoise.portfolio.moving import REPAID
from equipoise.portfolio.rules import BookRules
from equipoise.portfolio.tape.book import LATE_STATES, Book

_BAD = LATE_STATES - 1  # nothing is expected on time of what is more than 90 days late


@dataclass(frozen=True, slots=True)
class _Curve:
    """Zero rates by years, level beyond both ends, between them in straight lines."""

    years: FloatArray
    rates: FloatArray

    def at(self, times: FloatArray) -> FloatArray:
        return np.interp(times, self.years, self.rates)


def measure_interest(
    book: Book, open_: OpenLoans, months: IntArray, market: MarketRates, rules: BookRules
) -> InterestMeasured | None:
    """Gap, duration, and the change of income and value under the packs' shocks.

    `months` (n,) are those left of each open loan. Loans without a rate, and those more than 90
    days late, are left out and counted. Raises BadInput where no pack has shocks for the currency.
    """
    rate = open_.numbers("rate", np.nan)
    counted = np.isfinite(rate) & (open_.state != _BAD)
    if not counted.any():
        return None
    seen = early_repayment(book)
    prepaid = seen if market.prepayment is None else market.prepayment.value
    flows = level_flows(open_.owed[counted], rate[counted], months[counted], prepaid=prepaid)
    times = np.arange(1, flows.total.size + 1) / 12
    curve = _Curve(
        np.array([each.years for each in market.curve], dtype=np.float64),
        np.array([each.rate for each in market.curve], dtype=np.float64),
    )
    amount = np.array([each.amount for each in market.liabilities], dtype=np.float64)
    when = np.array([each.reprices_months / 12 for each in market.liabilities], dtype=np.float64)
    cost = np.array([each.rate for each in market.liabilities], dtype=np.float64)
    sizes = {
        "parallel": rules.parameter("shock_parallel", book.currency).value,
        "short": rules.parameter("shock_short", book.currency).value,
        "long": rules.parameter("shock_long", book.currency).value,
    }
    gap = repricing_gap(times, flows.principal, when, amount)
    passed = np.array([each.passed_on for each in market.liabilities], dtype=np.float64)
    earning = repricing_gap(times, flows.principal, when, amount * passed)
    grid, owed = _together(times, flows.total, when, amount * (1 + cost * when))
    market_yield = _yield(flows.total, times, curve)
    duration = duration_of(flows.total, times, market_yield)
    return InterestMeasured(
        left_out=int((~counted).sum()),
        prepayment=prepaid,
        prepayment_seen=seen,
        value=present_value(flows.total, times, curve.at(times)),
        duration=duration.macaulay,
        modified=duration.modified,
        convexity=duration.convexity,
        gap=gap,
        income_up=income_change(earning, sizes["parallel"]),
        income_down=income_change(earning, -sizes["parallel"]),
        values=value_changes(*owed, grid, curve.at(grid), sizes),
        shocks=sizes,
        market_yield=market_yield,
        curve=tuple((each.years, each.rate) for each in market.curve),
        funding=tuple(
            Funding(each.reprices_months, each.amount, each.rate, each.passed_on)
            for each in market.liabilities
        ),
        term_told="term" in book.loans.columns,
    )


def _together(
    asset_times: FloatArray, assets: FloatArray, times: FloatArray, liabilities: FloatArray
) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
    """Both sides' flows on the times of either."""
    grid = np.unique(np.r_[asset_times, times])
    of_assets, of_liabilities = np.zeros(grid.size), np.zeros(grid.size)
    np.add.at(of_assets, np.searchsorted(grid, asset_times), assets)
    np.add.at(of_liabilities, np.searchsorted(grid, times), liabilities)
    return grid, (of_assets, of_liabilities)


def _yield(flows: FloatArray, times: FloatArray, curve: _Curve) -> float:
    """The one yearly yield that values the flows as the curve does, by halving."""
    value = present_value(flows, times, curve.at(times))
    low, high = -0.5, 2.0
    for _ in range(80):
        middle = (low + high) / 2
        if float((flows * (1 + middle) ** -times).sum()) > value:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def early_repayment(book: Book) -> float:
    """The constant prepayment rate a year (CPR) that was seen: of what was owed by loans not late,
    the part whose loans were repaid whole by the tape's next month, more than one before their
    term."""
    step = book.step
    follows = (book.loan[1:] == book.loan[:-1]) & (book.month[1:] == book.month[:-1] + step)
    current = follows & (book.state[:-1] == 0)
    owed = book.balance[:-1]
    early = current & (book.state[1:] == REPAID) & _before_term(book)[1:]
    base = float(owed[current].sum())
    seen = float(owed[early].sum()) / base if base > 0 else 0.0
    return float(-np.expm1(12 / step * np.log1p(-min(seen, 1 - 1e-12))))


def _before_term(book: Book) -> BoolArray:
    if "term" not in book.loans.columns:
        return np.ones(len(book), dtype=bool)
    end = (book.loans["opened"] + book.loans["term"]).cast(float).fill_null(np.inf).to_numpy()
    return np.asarray(book.month < end[book.loan] - 1)
