"""The odds of a scenario, reckoned again by hand from what a test tells of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from equipoise.portfolio import Driver, MacroPath
from equipoise.review.stress.links import Chosen, FactorLink, SatelliteLink, fitted_link
from equipoise.review.stress.result_document import told_link
from equipoise.review.stress.terms import terms_of

JOBS, GROWTH = Driver("Unemployment rate", 1), Driver("Real GDP growth", -1)
NAMES = (JOBS.name, GROWTH.name)
BEGINS, QUARTERS = 8000, 60
PAST = np.column_stack(
    [6 + 2 * np.sin(np.arange(QUARTERS) / 7), 2 + np.cos(np.arange(QUARTERS) / 5)]
)
HISTORY = MacroPath("past", np.arange(BEGINS, BEGINS + QUARTERS), NAMES, PAST)
AHEAD = np.array([[7.0, 0.5], [9.5, -3.0], [9.0, 1.0], [8.0, 2.0]])
SCENARIO = MacroPath(
    "adverse", np.arange(BEGINS + QUARTERS, BEGINS + QUARTERS + 4), NAMES, AHEAD, "adverse.csv",
    (1, 2, 3, 4),
)  # fmt: skip


def satellite() -> SatelliteLink:
    """Planted: unemployment a quarter earlier, growth two."""
    score = np.full(QUARTERS, np.nan)
    score[2:] = -4 + 0.2 * PAST[1:-1, 0] - 0.1 * PAST[:-2, 1]
    return fitted_link((JOBS, GROWTH), HISTORY, 1 / (1 + np.exp(-score)), most_lag=2, held_out=12)


def test_what_each_driver_adds_makes_up_a_satellite_s_log_odds() -> None:
    link = satellite()
    terms = terms_of(link, SCENARIO)
    assert [sum(each.adds for each in of) for of in terms] == pytest.approx(link.log_odds(SCENARIO))
    lagged = np.vstack([PAST, AHEAD])
    for at, (jobs, growth) in enumerate(terms):
        here = QUARTERS + at
        assert (jobs.value, growth.value) == (lagged[here - 1, 0], lagged[here - 2, 1])
        assert (jobs.before, growth.before) == (PAST[-2, 0], PAST[-3, 1])
        assert jobs.adds == pytest.approx(0.2 * (jobs.value - jobs.before), rel=1e-6)
    assert [each.row for each, _ in terms] == [None, 1, 2, 3]
    assert [each.quarter for _, each in terms] == ["2014 Q3", "2014 Q4", "2015 Q1", "2015 Q2"]


def test_one_factor_s_log_odds_come_of_what_is_told_of_the_past() -> None:
    link = FactorLink((JOBS, GROWTH), HISTORY, 0.15, 0.04)
    told = told_link(Chosen(link), "", "stated")
    signs = np.array([1 if each == "up" else -1 for each in told.worse])

    def factor(values: list[float]) -> float:
        z = -signs * (np.array(values) - told.means) / told.deviations
        return z.mean() / told.deviation_of_mean

    def rate(mean: float, at: float) -> float:
        return norm.cdf((norm.ppf(mean) - np.sqrt(0.15) * at) / np.sqrt(0.85))

    terms = terms_of(link, SCENARIO)
    now = factor([each.before for each in terms[0]])
    mean = norm.cdf(np.sqrt(0.85) * norm.ppf(0.04) + np.sqrt(0.15) * now)
    quarterly = [
        1 - (1 - rate(mean, at)) ** 0.25
        for at in (now, *(factor([each.value for each in of]) for of in terms))
    ]
    log_odds = np.log(quarterly) - np.log1p(-np.array(quarterly))
    assert log_odds[1:] - log_odds[0] == pytest.approx(link.log_odds(SCENARIO))
    assert [[each.adds for each in of] for of in terms] == [[None, None]] * 4
    assert [each.row for each, _ in terms] == [1, 2, 3, 4]
