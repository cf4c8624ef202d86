"""IFRS 9 and CECL allowances: the worked loan, and what must hold of every loan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.portfolio import (
    expected_credit_loss,
    lifetime_loss,
    marginal_default,
    period_losses,
    remaining_maturity_loss,
    weighted,
)

YEARS = np.arange(1.0, 6.0)
HAZARD = np.array([[0.02, 0.025, 0.03, 0.03, 0.03]])
# opening balances of 100,000 over five equal annual payments at 6 %, rounded as the example has it
OWED = np.array([[100_000.0, 82_260.0, 63_460.0, 43_530.0, 22_400.0]])
RATE = np.array([0.06])


def test_marginal_chances_of_the_worked_loan():
    expected = [0.02, 0.0245, 0.028665, 0.027805, 0.026971]
    assert marginal_default(HAZARD)[0] == pytest.approx(expected, abs=5e-7)


def test_the_worked_loan_in_each_stage():
    losses = np.repeat(period_losses(HAZARD, 0.45, OWED, RATE, YEARS), 3, axis=0)
    allowance = expected_credit_loss(losses, np.array([1, 2, 3]), YEARS, np.full(3, 45_000.0))
    assert allowance == pytest.approx([849.06, 2978.09, 45_000.0], abs=0.005)
    assert lifetime_loss(losses)[0] == pytest.approx(2978.09, abs=0.005)


curves = st.lists(st.floats(0, 0.6), min_size=2, max_size=30)


@given(curves, st.floats(0.01, 1), st.floats(0, 0.5))
def test_twelve_months_never_cost_more_than_the_whole_life(hazards, lgd, rate):
    hazard = np.array([hazards])
    times = np.arange(1, len(hazards) + 1) / 4
    losses = period_losses(hazard, lgd, np.full_like(hazard, 1000.0), np.array([rate]), times)
    year, life = (
        expected_credit_loss(losses, np.array([stage]), times, np.array([lgd * 1000]))[0]
        for stage in (1, 2)
    )
    assert 0 <= year <= life + 1e-9
    assert life <= lgd * 1000 + 1e-9  # no more can be lost than is lost in default today


@given(curves, st.integers(0, 29), st.floats(0.001, 0.3))
def test_an_allowance_rises_with_hazard_lgd_and_exposure(hazards, at, more):
    times = np.arange(1.0, len(hazards) + 1)
    hazard, owed = np.array([hazards]), np.full((1, len(hazards)), 100.0)

    def life(hazard, lgd, owed):
        return period_losses(hazard, lgd, owed, np.array([0.0]), times).sum()

    base = life(hazard, 0.4, owed)
    worse = hazard.copy()
    worse[0, at % len(hazards)] += more
    assert life(worse, 0.4, owed) >= base - 1e-9
    assert life(hazard, 0.4 + more, owed) >= base
    assert life(hazard, 0.4, owed * (1 + more)) >= base


def test_marginal_chances_and_survival_are_everybody():
    hazard = np.array([[0.1, 0.0, 0.5, 1.0, 0.3]])
    assert marginal_default(hazard).sum() == pytest.approx(1.0)  # nobody outlives a hazard of 1


def test_scenarios_are_weighted_by_their_chances():
    by_scenario = np.array([[100.0, 10.0], [200.0, 20.0], [400.0, 40.0]])
    assert weighted(by_scenario, np.array([0.5, 0.3, 0.2])) == pytest.approx([190.0, 19.0])


@pytest.mark.parametrize("weights", [[0.5, 0.3, 0.1], [0.5, 0.7, -0.2]])
def test_weights_that_are_no_chances_are_refused(weights):
    with pytest.raises(BadInput, match="sum to"):
        weighted(np.ones((3, 1)), np.array(weights))


def test_remaining_maturity_by_hand():
    """1,000 now, 500 after a year, nothing after two: 750 + 250 a year at 2 % a year."""
    balances = np.array([[1000.0, 500.0, 0.0]])
    assert remaining_maturity_loss(balances, 0.02, np.array([12.0])) == pytest.approx([20.0])
