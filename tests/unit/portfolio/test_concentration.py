"""Concentration: worked figures, what must hold of every index, and the granularity adjustment."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.portfolio import concentration, granularity_adjustment, granularity_delta


def test_the_worked_example_of_four_names():
    found = concentration(np.array([15.0, 50.0, 5.0, 30.0]))
    assert found.hhi == pytest.approx(0.365)
    assert found.hhi_normalised == pytest.approx(0.153333, abs=1e-6)
    assert found.gini == pytest.approx(0.375)
    assert found.hall_tideman == pytest.approx(0.40)
    assert found.entropy == pytest.approx(1.142120, abs=1e-6)
    assert found.theil == pytest.approx(0.244174, abs=1e-6)
    assert found.top_share(2) == pytest.approx(0.80)
    assert found.effective_number == pytest.approx(1 / 0.365)


@given(st.integers(2, 500))
def test_equal_names_are_as_spread_as_can_be(n):
    found = concentration(np.full(n, 7.0))
    assert found.hhi == pytest.approx(1 / n)
    assert found.hhi_normalised == pytest.approx(0, abs=1e-9)
    assert found.gini == pytest.approx(0, abs=1e-9)
    assert found.theil == pytest.approx(0, abs=1e-9)
    assert found.effective_number == pytest.approx(n)


@given(st.lists(st.floats(1, 1e6), min_size=3, max_size=60), st.data())
def test_moving_money_from_a_small_name_to_a_large_one_raises_every_index(amounts, data):
    sizes = np.sort(np.array(amounts))
    low = data.draw(st.integers(0, len(sizes) - 2))
    moved = sizes.copy()
    taken = sizes[low] / 2
    moved[low] -= taken
    moved[-1] += taken
    before, after = concentration(sizes), concentration(moved)
    for index in ("hhi", "gini", "hall_tideman", "theil"):
        assert getattr(after, index) >= getattr(before, index) - 1e-12


def test_names_without_exposure_and_an_empty_book_are_no_names():
    assert concentration(np.array([0.0, 1.0, 1.0])).names == 2
    assert concentration(np.zeros(3)).names == 0
    one = concentration(np.array([5.0]))
    assert (one.hhi, one.hhi_normalised) == (1.0, 1.0)


def test_the_delta_of_the_usual_precision():
    assert granularity_delta(0.25) == pytest.approx(4.833601, abs=1e-6)


@pytest.mark.parametrize(("n", "points"), [(50, 247.0), (100, 123.5), (1000, 12.35), (10000, 1.24)])
def test_the_granularity_adjustment_of_equal_names(n, points):
    """PD 1 %, LGD 45 %, K = .058623: worked beside the code, exactly as 1 over n."""
    ones = np.ones(n)
    added = granularity_adjustment(
        ones, k=0.058623 * ones, expected_loss=0.0045 * ones, lgd=0.45 * ones
    )
    assert 1e4 * added == pytest.approx(points, abs=0.06)


def test_a_book_without_capital_needs_no_adjustment():
    zero = np.zeros(3)
    assert granularity_adjustment(np.ones(3), k=zero, expected_loss=zero, lgd=zero) == 0.0
