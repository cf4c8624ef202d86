"""A book under a scenario whose tape tells a month in three, six or twelve, against the same book
month by month."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from loan_tapes import known_tape, read_known

from equipoise.documents import parse_document
from equipoise.portfolio import (
    PORTFOLIO_DRAFT,
    BookAhead,
    PortfolioDocument,
    TermStructure,
    book_ahead,
    book_rules,
    last_day,
)
from equipoise.portfolio.roll_shift import roll_shifts, shifted
from equipoise.portfolio.rolling import Rolling, Watches, rolling
from equipoise.review.stress.history import default_rates

# current, 1-30, 31-60, 61-90, default, repaid
MONTHLY = np.array(
    [
        [0.955, 0.030, 0, 0, 0, 0.015],
        [0.500, 0.300, 0.195, 0, 0, 0.005],
        [0.200, 0.100, 0.300, 0.400, 0, 0],
        [0.080, 0.020, 0.100, 0.200, 0.600, 0],
        [0, 0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 1],
    ]
)
MIX = np.array([0.93, 0.04, 0.02, 0.01])
RECESSION = np.array([0.2, 0.6, 1.0, 1.2, 1.2, 1.1, 0.9, 0.7, 0.5, 0.4, 0.3, 0.2])
FREE = Watches(np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64), 2)
STEPS = [3, 6, 12]


def of_step(step: int) -> TermStructure:
    """The chain as a tape sees it that tells a month in so many."""
    rolls = np.linalg.matrix_power(MONTHLY, step)[:4]
    nothing = np.zeros((4, 48))
    return TermStructure(nothing, nothing, rolls, np.ones(4), step)


def rolled(step: int, log_odds: np.ndarray, watches: Watches = FREE) -> Rolling:
    return rolling(of_step(step), MIX, log_odds, 48, watches)


def defaults(rolled: Rolling, months: int) -> np.ndarray:
    """What share of the book of today defaults in each so many months."""
    return (MIX @ rolled.default[:, 0]).reshape(-1, months).sum(axis=1)


@pytest.mark.parametrize("step", STEPS)
def test_without_a_scenario_the_steps_are_those_of_the_monthly_chain(step: int) -> None:
    """Powers of one matrix: what defaulted, was repaid and stays at each step's end is the same."""
    one, other = rolled(1, np.zeros(16)), rolled(step, np.zeros(16))
    assert other.shifts.later == pytest.approx(np.zeros(16))
    assert defaults(other, step) == pytest.approx(defaults(one, step))
    ends = slice(0, None, step)
    assert other.alive[:, ends] == pytest.approx(one.alive[:, ends])
    whole = slice(0, None, step // 3)
    assert other.there[0, :, whole] == pytest.approx(one.there[0, :, whole])
    assert (MIX @ other.year)[whole] == pytest.approx((MIX @ one.year)[whole])


@pytest.mark.parametrize(("step", "close"), [(3, 0.005), (6, 0.02), (12, 0.07)])
def test_over_a_recession_as_many_default_as_month_by_month(step: int, close: float) -> None:
    """In all twelve quarters. A scenario moves the odds of a quarter; a step that begins before it
    and ends after it has one shift for all of it, so the coarser, the further off."""
    one, other = rolled(1, RECESSION), rolled(step, RECESSION)
    assert defaults(other, 12)[:3].sum() == pytest.approx(defaults(one, 12)[:3].sum(), rel=close)
    late = [each.there[0, 0, 12 // step * step // 3, 2:, 0].sum() for each in (one, other)]
    assert late[1] == pytest.approx(late[0], rel=0.1)


def test_a_quarter_of_one_step_worked_by_hand() -> None:
    """Of 100 that pay 4 are late in a quarter; of 100 late 50 default. Half a year: of 100 that pay
    2 default in the second quarter, of 100 late 50 in the first and 0.8 in the second."""
    rolls = np.array([[0.96, 0.04, 0.0, 0.0], [0.40, 0.10, 0.50, 0.0]])
    mix = np.array([0.9, 0.1])
    plain = np.array([0.05, (0.9 * 0.04 + 0.1 * 0.1) * 0.5 / 0.95])
    odds = plain / (1 - plain) * 2
    wanted = odds / (1 + odds)
    shifts = roll_shifts(rolls, mix, np.log([2.0, 2.0]), step=3)
    at = mix
    for quarter in (0, 1):
        moved = shifted(rolls, shifts.later[quarter], shifts.default[quarter])
        assert at @ moved[:, 2] / at.sum() == pytest.approx(wanted[quarter])
        at = at @ moved[:, :2]


@pytest.mark.parametrize(("step", "held"), [(1, 2), (3, 2), (6, 2), (12, 4)])
def test_who_is_watched_for_six_months_is_so_until_the_step_in_which_these_end(step, held) -> None:
    """Half a year is two quarters; on a tape of years it ends with the year. In between as many are
    watched as of the step's quarters are still to come."""
    still = np.array([[1.0, 0.0, 0.0]])
    structure = TermStructure(np.zeros((1, 12)), np.zeros((1, 12)), still, np.ones(1), step)
    six = Watches(np.array([6]), np.array([6]), 1)
    there = rolling(structure, np.ones(1), np.zeros(8), 12, six).there
    watched = there[0, 0, :, 0, 1]
    ends = watched[:: max(step // 3, 1)]
    assert ends.tolist() == [1.0] * -(-6 // max(step, 3)) + [0.0] * (ends.size + -6 // max(step, 3))
    assert watched[held:].tolist() == [0.0] * (9 - held)


@cache
def monthly() -> pl.DataFrame:
    return known_tape(6000, 36)


def thinned(step: int) -> pl.DataFrame:
    """Each loan's last row in each so many months, as of their last month."""
    day = pl.col("month").str.to_date("%Y-%m")
    ends = day.dt.truncate(f"{step}mo").dt.offset_by(f"{step - 1}mo").dt.strftime("%Y-%m")
    rows = monthly().sort("loan", "month").with_columns(ends)
    return rows.unique(["loan", "month"], keep="last")


@cache
def book(step: int) -> BookAhead:
    document = parse_document(PORTFOLIO_DRAFT, PortfolioDocument, Path("portfolio.yaml")).value
    with TemporaryDirectory() as folder:
        reading = read_known(Path(folder), thinned(step) if step > 1 else monthly())
    assert reading.book.step == step
    rules = book_rules(document.rules, on=last_day(reading.book.last_month))
    return book_ahead(reading, document, rules)


@pytest.mark.parametrize(("step", "close"), [(3, 0.03), (6, 0.10), (12, 0.21)])
@pytest.mark.parametrize("log_odds", [np.zeros(12), RECESSION], ids=["still", "recession"])
def test_a_book_thinned_out_loses_as_much_as_month_by_month(step, close, log_odds) -> None:
    """The same loans, fewer rows. What comes and goes within a step is not seen, the first months
    of a loan among them: of years 15 % of the losses without any scenario."""
    one, other = (book(each).run(log_odds, 0.2 * log_odds) for each in (1, step))
    assert other.exposure[0] == pytest.approx(one.exposure[0], rel=0.01)
    assert other.loss.sum() == pytest.approx(one.loss.sum(), rel=close)
    assert other.allowance.max() == pytest.approx(one.allowance.max(), rel=close)
    assert other.capital.max() == pytest.approx(one.capital.max(), rel=close)
    assert other.income(0.02).sum() == pytest.approx(one.income(0.02).sum(), rel=close)


def test_a_tape_of_quarters_has_the_default_rates_of_its_quarters() -> None:
    """Counted row by row: 2022 Q2 is what moved from its March to its June."""
    with TemporaryDirectory() as folder:
        tape = read_known(Path(folder), thinned(3)).book
    quarters = np.arange(2021 * 4, 2025 * 4)
    rates = default_rates(tape, quarters)
    state = {
        (int(n), int(m)): int(s) for n, m, s in zip(tape.loan, tape.month, tape.state, strict=True)
    }
    june = 2022 * 12 + 5
    moves = [
        (state[loan, june - 3], now)
        for (loan, month), now in state.items()
        if month == june and state.get((loan, june - 3), 9) < 4
    ]
    assert rates[5] == pytest.approx(np.mean([now in (4, 5) for _, now in moves]))
    assert np.isnan(rates[0])  # into its first month nothing moves
    assert np.isfinite(rates[1:12]).all()
    assert np.isnan(rates[12:]).all()
