"""Moves of market rates: flows, prepayment, duration, gap, income and value, by worked figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.portfolio import (
    SHOCKS,
    duration_of,
    income_change,
    level_flows,
    prepayment_seen,
    present_value,
    psa_rates,
    repricing_gap,
    shocked,
    single_monthly_mortality,
    value_changes,
)

SIZES = {"parallel": 0.02, "short": 0.03, "long": 0.015}


def test_an_annuity_pays_the_house_example_s_instalments():
    """10,000 at 12 % over 12 months: 888.49 a month, 100.00 of interest in the first."""
    flows = level_flows(np.array([10_000.0]), np.array([0.12]), np.array([12]))
    assert flows.total == pytest.approx(np.full(12, 888.49), abs=0.005)
    assert flows.interest[0] == pytest.approx(100.0)
    assert flows.interest.sum() == pytest.approx(661.86, abs=0.02)
    assert flows.principal.sum() == pytest.approx(10_000)
    assert flows.owed[3] == pytest.approx(7_610.80, abs=0.02)


def test_loans_without_interest_are_repaid_in_equal_parts_and_loans_add_up():
    owed, rate, months = np.array([1200.0, 600.0]), np.array([0.0, 0.06]), np.array([12, 6])
    both = level_flows(owed, rate, months)
    one = level_flows(owed[:1], rate[:1], months[:1])
    two = level_flows(owed[1:], rate[1:], months[1:])
    assert one.principal == pytest.approx(np.full(12, 100.0))
    assert both.total[:6] == pytest.approx(one.total[:6] + two.total)


@given(st.floats(0, 0.9), st.floats(0, 0.4), st.integers(1, 120))
def test_whatever_is_repaid_early_the_principal_is_all_that_was_owed(prepaid, rate, months):
    flows = level_flows(np.array([1000.0]), np.array([rate]), np.array([months]), prepaid=prepaid)
    assert flows.principal.sum() == pytest.approx(1000.0)
    assert (flows.principal >= -1e-9).all()


def test_prepayment_by_the_market_s_worked_figures():
    """Fabozzi: SMM of 6 % CPR is .5143 %; at 165 PSA months 5 and 20 have .001386 and .005674."""
    assert single_monthly_mortality(0.06) == pytest.approx(0.005143, abs=5e-7)
    fast = psa_rates(1.65, 40)
    assert fast[4] == pytest.approx(0.0165)
    assert single_monthly_mortality(float(fast[4])) == pytest.approx(0.001386, abs=5e-7)
    assert single_monthly_mortality(float(fast[19])) == pytest.approx(0.005674, abs=5e-7)
    assert psa_rates(1.0, 40)[29:] == pytest.approx(np.full(11, 0.06))


def test_prepayment_that_was_made_is_seen_again():
    flows = level_flows(np.array([1e6]), np.array([0.08]), np.array([120]), prepaid=0.12)
    rate = np.array([0.08])
    plain = [
        level_flows(flows.owed[at : at + 1], rate, np.array([120 - at])).principal[0]
        for at in range(100)
    ]
    smm, cpr = prepayment_seen(flows.owed[:100], np.array(plain), flows.principal[:100])
    assert smm == pytest.approx(np.full(100, single_monthly_mortality(0.12)))
    assert cpr == pytest.approx(np.full(100, 0.12))


def test_duration_of_a_par_bond_and_of_a_bond_without_coupons():
    """10 % over five years at 10 %: (1 + y)/y x (1 - (1 + y)^-5) = 4.1699, modified 3.7908."""
    times = np.arange(1.0, 6.0)
    bond = duration_of(np.array([10.0, 10, 10, 10, 110]), times, 0.10)
    assert bond.value == pytest.approx(100.0)
    assert bond.macaulay == pytest.approx(4.1699, abs=5e-5)
    assert bond.modified == pytest.approx(3.7908, abs=5e-5)
    assert duration_of(np.array([100.0]), np.array([7.0]), 0.03).macaulay == pytest.approx(7.0)


def test_the_textbook_s_long_bond():
    """Fabozzi: 9 % semiannual, 20 years, yield 6 %: 134.6722, duration 10.66; at 6.2 % 131.8439
    and at 5.8 % 137.5888."""
    times = np.arange(1, 41) / 2
    flows = np.full(40, 4.5)
    flows[-1] += 100
    bond = duration_of(flows, times, 0.06, per_year=2)
    assert bond.value == pytest.approx(134.6722, abs=5e-5)
    assert bond.modified == pytest.approx(10.66, abs=0.005)
    # the textbook's effective convexity: (V+ + V- - 2 V0) / (V0 x shift^2)
    effective = (131.8439 + 137.5888 - 2 * 134.6722) / (134.6722 * 0.002**2)
    assert bond.convexity == pytest.approx(effective, rel=2e-3)
    assert bond.value * (1 + bond.relative_change(0.002)) == pytest.approx(131.8439, abs=1e-3)


def test_a_gap_by_hand_with_its_sum():
    rows = repricing_gap(
        np.array([0.1, 0.25, 4.0]), np.array([100.0, 50.0, 30.0]),
        np.array([0.2, 0.75]), np.array([80.0, 60.0]),
    )  # fmt: skip
    assert [(row.until, row.gap, row.cumulative) for row in rows[:3]] == [
        (0.25, 70.0, 70.0),
        (0.5, 0.0, 70.0),
        (1.0, -60.0, 10.0),
    ]
    assert rows[-1].cumulative == pytest.approx(180 - 140)


def test_income_moves_by_what_reprices_for_the_time_that_is_left():
    """100 that reprice within a quarter earn one point more for 0.875 years; 60 of liabilities
    between half a year and a year cost it for 0.25."""
    rows = repricing_gap(np.array([0.1]), np.array([100.0]), np.array([0.75]), np.array([60.0]))
    assert income_change(rows, 0.01) == pytest.approx(0.875 - 60 * 0.01 * 0.25)
    passed_on = income_change(rows, 0.01, liability_beta=0.5)
    assert passed_on == pytest.approx(0.875 - 30 * 0.01 * 0.25)
    beyond = repricing_gap(np.array([4.0]), np.array([100.0]), np.array([4.0]), np.array([0.0]))
    assert income_change(beyond, 0.01) == 0.0


def test_the_committee_s_shocks_have_their_shapes():
    times = np.array([1e-9, 1e9])
    assert shocked(times, "steepener", SIZES) == pytest.approx([-0.65 * 0.03, 0.9 * 0.015])
    assert shocked(times, "flattener", SIZES) == pytest.approx([0.8 * 0.03, -0.6 * 0.015])
    assert shocked(times, "short_up", SIZES) == pytest.approx([0.03, 0.0])
    assert shocked(np.array([4.0]), "short_down", SIZES) == pytest.approx([-0.03 * np.exp(-1)])


def test_value_under_shocks_is_the_flows_valued_anew():
    times, rates = np.array([1.0, 5.0]), np.array([0.03, 0.04])
    assets, liabilities = np.array([0.0, 100.0]), np.array([60.0, 0.0])
    changes = value_changes(assets, liabilities, times, rates, SIZES)
    assert set(changes) == set(SHOCKS)
    by_hand = 100 * (np.exp(-0.06 * 5) - np.exp(-0.04 * 5)) - 60 * (np.exp(-0.05) - np.exp(-0.03))
    assert changes["parallel_up"] == pytest.approx(by_hand)
    assert present_value(assets, times, rates) == pytest.approx(100 * np.exp(-0.2))


def test_a_shock_takes_no_rate_below_zero():
    times, rates = np.array([2.0]), np.array([0.01])
    changes = value_changes(np.array([100.0]), np.zeros(1), times, rates, SIZES)
    assert changes["parallel_down"] == pytest.approx(100 - 100 * np.exp(-0.02))
