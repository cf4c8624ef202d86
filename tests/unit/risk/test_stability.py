"""Stability indices against worked numbers and theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from equipoise.risk.stability import score_bins, stability, stability_by_month, stability_index


def test_index_of_the_worked_example():
    expected = np.array([5, 10, 15, 20, 20, 15, 10, 5]) / 100
    actual = np.array([4, 8, 12, 18, 22, 17, 12, 7]) / 100
    assert stability_index(expected, actual) == pytest.approx(0.030281, abs=5e-7)


def test_a_shifted_normal_approaches_the_square_of_its_shift():
    rng = np.random.default_rng(1)
    base, moved = rng.normal(size=200_000), rng.normal(0.25, 1, 200_000)
    edges = score_bins(base, 10)
    counts = [
        np.bincount(np.searchsorted(edges, x), minlength=10).astype(float) for x in (base, moved)
    ]
    assert stability_index(*counts) == pytest.approx(0.0571, abs=0.003)


def test_bound_is_what_unchanged_samples_reach_in_95_of_100_cases():
    rng = np.random.default_rng(2)
    passed = [
        result.index > result.bound
        for result in (
            stability(*rng.multinomial(300, [0.1] * 10, 2).astype(float)) for _ in range(2000)
        )
    ]
    assert np.mean(passed) == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize(
    ("bins", "quantile"),
    [(2, 3.8414588206941), (5, 9.4877290367812), (10, 16.918977604620), (20, 30.143527205646)],
)
def test_bound_is_the_chi_squared_quantile_of_one_degree_less_than_bins(bins, quantile):
    """Quantiles of 1, 4, 9 and 19 degrees of freedom at 0.95, from a table; 300 and 150 rows."""
    assert chi2.ppf(0.95, bins - 1) == pytest.approx(quantile, rel=1e-12)
    result = stability(np.full(bins, 300 / bins), np.full(bins, 150 / bins))
    assert result.bound == pytest.approx(quantile * (1 / 300 + 1 / 150), rel=1e-12)


def test_a_bin_empty_on_both_sides_is_no_degree_of_freedom():
    whole = stability(np.array([100.0, 100, 100]), np.array([50.0, 30, 20]))
    gap = stability(np.array([100.0, 0, 100, 100]), np.array([50.0, 0, 30, 20]))
    assert gap == whole


def test_a_small_sample_above_the_band_but_not_the_bound_is_stable():
    expected = np.full(10, 10_000.0)
    actual = np.array([9.0, 2, 6, 4, 5, 3, 8, 4, 5, 4])
    result = stability(expected, actual)
    assert result.index > 0.1
    assert result.index < result.bound
    assert result.verdict == "stable"
    assert stability(expected, 100 * actual).verdict == "minor"


def test_an_empty_bin_leaves_the_index_finite():
    assert np.isfinite(stability_index(np.array([50.0, 50, 0]), np.array([0.0, 60, 40])))


def test_months_are_compared_with_the_baseline_each():
    rng = np.random.default_rng(3)
    base = rng.integers(0, 10, 5000)
    codes = np.concatenate([rng.integers(0, 10, 2000), rng.integers(0, 5, 2000)])
    table = stability_by_month(base, codes, np.repeat(["2018-01", "2018-02"], 2000))
    assert [(row["month"], row["verdict"]) for row in table] == [
        ("2018-01", "stable"),
        ("2018-02", "major"),
    ]
