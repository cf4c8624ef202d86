"""Measuring by turns: the ratio and its interval by hand, rates turned over, rows matched."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest
from benchmarks.pairs import Compared, compared, numbered, unmatched
from benchmarks.turns import HERE, Ratio, by_turns, ratio


def test_the_ratio_is_the_geometric_mean_with_students_interval_over_the_logarithms():
    # Logarithms 0, 0.03 and 0.06: mean 0.03, deviation 0.03; Student's t of 2 degrees is 4.3027,
    # so the half width is 4.3027 x 0.03 / sqrt(3) = 0.07453.
    measured = ratio([(2.0, 2.0), (5 * exp(0.03), 5.0), (7 * exp(0.06), 7.0)])
    assert measured.middle == pytest.approx(exp(0.03))
    assert measured.low == pytest.approx(exp(-0.04453), abs=2e-5)
    assert measured.high == pytest.approx(exp(0.10453), abs=2e-5)
    assert str(Ratio(1.0314, 0.9, 1.2)) == "1.031 [0.900, 1.200]"


def test_a_slow_spell_of_the_machine_that_both_of_a_pair_share_cancels():
    measured = ratio([(1.1, 1.0), (3.3, 3.0), (11.0, 10.0)])
    assert (measured.low, measured.high) == pytest.approx((1.1, 1.1))


def test_one_pair_has_no_interval():
    measured = ratio([(3.0, 2.0)])
    assert (measured.low, measured.middle, measured.high) == pytest.approx((1.5, 1.5, 1.5))


def test_they_take_turns_and_neither_is_always_first():
    other, order = Path("other"), []
    pairs = by_turns(other, 3, lambda each: order.append(each) or len(order))
    assert order == [other, HERE, HERE, other, other, HERE]
    assert pairs == [(2, 1), (3, 4), (6, 5)]


def test_above_one_is_slower_for_times_and_for_rates_alike():
    runs = [
        (
            {("one", "us"): 30.0, ("many", "rows/s"): 50.0},
            {("one", "us"): 20.0, ("many", "rows/s"): 75.0},
        )
    ]
    one, many = compared(runs)
    assert one.ratio is not None and one.ratio.middle == pytest.approx(1.5)
    assert many.ratio is not None and many.ratio.middle == pytest.approx(1.5)
    assert (many.here, many.there) == (50.0, 75.0)


def test_what_is_no_time_is_the_same_or_differs_and_so_is_a_time_of_nothing():
    here = {("auc", "AUC"): 0.7, ("valid", "%"): 99.0, ("idle", "s"): 0.0}
    rows = compared([(here, {("auc", "AUC"): 0.7, ("valid", "%"): 100.0, ("idle", "s"): 0.0})])
    assert [each.ratio for each in rows] == [None, None, None]
    assert [each.verdict(1.05) for each in rows] == ["same", "differs", "same"]


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [((1.051, 1.2), "slower"), ((1.05, 1.2), ""), ((0.9, 1.3), ""), ((0.8, 0.99), "faster")],
)
def test_slower_is_an_interval_wholly_above_the_limit(interval: tuple[float, float], verdict: str):
    low, high = interval
    assert Compared(("row", "s"), 1.0, 1.0, Ratio(1.0, low, high)).verdict(1.05) == verdict


def test_rows_of_one_name_are_numbered_and_rows_of_one_checkout_are_told():
    here = numbered([("p50", "ms", 1.0), ("p50", "ms", 2.0), ("new", "s", 3.0)])
    there = numbered([("p50", "ms", 1.0), ("p50", "ms", 2.0), ("old", "s", 3.0)])
    assert list(here) == [("p50", "ms"), ("p50 (2)", "ms"), ("new", "s")]
    assert [each.row for each in compared([(here, there)])] == [("p50", "ms"), ("p50 (2)", "ms")]
    assert unmatched([(here, there)]) == ["only here: new", "only there: old"]
