"""A made-up economy in which it is known how loans roll: the satellite is fitted on the default
rates that it had, and the stress is held against those that it goes on to have."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from equipoise.portfolio import Driver, MacroPath
from equipoise.portfolio.roll_shift import roll_shifts, shifted
from equipoise.review.stress.links import FactorLink, fitted_link

JOBS = Driver("Unemployment rate", 1)
PAST, BEGINS = 100, 8000
# current, 1-30, 31-60, 61-90, default, repaid
QUICK = np.array(
    [
        [0.918, 0.061, 0.0, 0.0, 0.0, 0.021],
        [0.417, 0.312, 0.26, 0.0, 0.0, 0.011],
        [0.222, 0.111, 0.222, 0.445, 0.0, 0.0],
        [0.05, 0.05, 0.05, 0.25, 0.6, 0.0],
    ]
)
SLOW = np.array(
    [
        [0.975, 0.012, 0.0, 0.0, 0.0, 0.013],
        [0.45, 0.30, 0.23, 0.0, 0.0, 0.02],
        [0.15, 0.10, 0.25, 0.50, 0.0, 0.0],
        [0.05, 0.03, 0.05, 0.27, 0.60, 0.0],
    ]
)
JOBS_PAST = np.r_[6 + 2 * np.sin(np.arange(PAST - 6) / 7), np.full(6, 6.0)]
RECESSION = 6 + np.array([0.2, 0.6, 1, 1.4, 1.7, 1.8, 1.7, 1.5, 1.2, 0.9, 0.6, 0.4, 0.2])


def path(begins: int, jobs: np.ndarray) -> MacroPath:
    quarters = np.arange(begins, begins + jobs.size)
    return MacroPath("made up", quarters, (JOBS.name,), jobs[:, None])


def quarter(rolls: np.ndarray, at: np.ndarray) -> tuple[float, np.ndarray]:
    """What share defaults in a quarter, and where the rest are."""
    then = [at @ np.linalg.matrix_power(rolls[:, :4], month) for month in range(4)]
    return sum(each @ rolls[:, 4] for each in then[:3]) / at.sum(), then[3]


def walk(rolls: list[np.ndarray], at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What share defaults in each quarter (Q,), and what share is over 30 days late at its end."""
    rates, late = [], []
    for each in rolls:
        rate, at = quarter(each, at)
        rates.append(rate)
        late.append(at[2:].sum() / at.sum())
    return np.array(rates), np.array(late)


def entries(rolls: np.ndarray, by: float) -> np.ndarray:
    """Those who pay come to be late more often; the late go on as they did."""
    return np.vstack([shifted(rolls, by)[:1], rolls[1:]])


def cures(rolls: np.ndarray, by: float) -> np.ndarray:
    """The late come to be less late less often."""
    moved = rolls.copy()
    for late in (1, 2, 3):
        cured = rolls[late, :late].sum() / (1 - rolls[late, 5])
        less = cured * np.exp(-by) / (1 - cured + cured * np.exp(-by))
        moved[late, :late] *= less / cured
        moved[late, late:5] *= (1 - less) / (1 - cured)
    return moved


def ends(rolls: np.ndarray, by: float) -> np.ndarray:
    """The latest come to default more often."""
    return shifted(rolls, 0.0, by)


@pytest.mark.parametrize("rolls", [QUICK, SLOW], ids=["quick", "slow"])
@pytest.mark.parametrize("moves", [shifted, entries, cures, ends])
@pytest.mark.parametrize("hurts", [0.10, 0.15])
def test_the_run_off_defaults_as_the_economy_that_it_is_drawn_from(rolls, moves, hurts):
    """Loans roll worse by `hurts` for each point of unemployment, in the same quarter, all rolls or
    one kind alone; whoever leaves is followed by a new loan. The satellite sees the rates, and
    nobody which rolls moved. Defaults of each of 13 quarters are right to 5 %, of all to 2 %, and
    who is late to 7 % in each."""
    at, rates = np.array([0.94, 0.04, 0.015, 0.005]), []
    for jobs in JOBS_PAST:
        rate, at = quarter(moves(rolls, hurts * (jobs - 6)), at)
        at = at + np.array([1 - at.sum(), 0, 0, 0])
        rates.append(rate)
    link = fitted_link((JOBS,), path(BEGINS, JOBS_PAST), np.array(rates), most_lag=4, held_out=12)
    shifts = roll_shifts(rolls, at, link.log_odds(path(BEGINS + PAST, RECESSION)))
    each = zip(shifts.later, shifts.default, strict=True)
    defaults, late = walk([shifted(rolls, *by) for by in each], at)
    true, truly_late = walk([moves(rolls, hurts * (jobs - 6)) for jobs in RECESSION], at)
    assert defaults == pytest.approx(true, rel=0.05)
    assert defaults.sum() == pytest.approx(true.sum(), rel=0.02)
    assert late == pytest.approx(truly_late, rel=0.07)


@pytest.mark.parametrize(
    ("z", "rate"), [(-1.2816, 4.559), (-1.6449, 6.219), (-2.3263, 10.558), (-3.0902, 17.633)]
)
def test_a_book_under_one_factor_has_the_published_rate_within_a_year(z: float, rate: float):
    """A PD of 2 % at a factor of 0 and rho 0.15: Vasicek's rates, walked month by month."""
    jobs = np.r_[JOBS_PAST, JOBS_PAST.mean()]  # which is the mean of all, then
    past = path(0, jobs)
    today = float(norm.cdf(norm.ppf(0.02) / np.sqrt(0.85)))
    link = FactorLink((JOBS,), past, 0.15, today)
    mean, spread = jobs.mean(), jobs.std(ddof=1)
    ahead = path(PAST + 1, np.full(4, mean - z * spread))
    month = 1 - (1 - today) ** (1 / 12)
    rolls = np.array([[1 - month, month, 0.0]])
    shifts = roll_shifts(rolls, np.ones(1), link.log_odds(ahead))
    safe = np.prod([shifted(rolls, shift)[0, 0] ** 3 for shift in shifts.later])
    assert 100 * (1 - safe) == pytest.approx(rate, abs=2e-3)
