"""The distribution functions are scipy.stats', bit for bit; what scipy has not, by enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from equipoise.numeric import distributions

_RNG = np.random.default_rng(20)
LEVELS = _RNG.random(200).tolist()
STATISTICS = _RNG.exponential(5.0, 200).tolist()


def test_chi_square() -> None:
    for freedom, x, level in zip([1, 2, 9, 29] * 50, STATISTICS, LEVELS, strict=True):
        assert distributions.chi2_above(x, freedom) == stats.chi2.sf(x, freedom)
        assert distributions.chi2_quantile(level, freedom) == stats.chi2.ppf(level, freedom)


def test_normal_and_student() -> None:
    for freedom, x in zip([1, 2, 9, 290] * 50, STATISTICS, strict=True):
        assert distributions.normal_below(x - 5) == stats.norm.cdf(x - 5)
        assert distributions.student_below(x - 5, freedom) == stats.t.cdf(x - 5, freedom)


def test_beta() -> None:
    for a, b, level in zip([0.5, 2.5, 80.5, 900.5] * 50, STATISTICS, LEVELS, strict=True):
        assert distributions.beta_below(level, a, b + 0.5) == stats.beta.cdf(level, a, b + 0.5)
        assert distributions.beta_quantile(level, a, b + 0.5) == stats.beta.ppf(level, a, b + 0.5)
    edges = distributions.beta_below(np.array([0.0, 1.0]), 2.0, 3.0)
    assert edges.tolist() == [0.0, 1.0]


def test_trials_of_equal_chances_are_binomial() -> None:
    mass = distributions.poisson_binomial(np.full(300, 0.07))
    assert mass == pytest.approx(stats.binom.pmf(np.arange(301), 300, 0.07), rel=1e-9, abs=1e-300)


def test_trials_of_unequal_chances_by_enumeration() -> None:
    chances = np.array([0.0, 0.02, 0.3, 0.5, 0.11, 0.9, 1.0])
    expected = np.zeros(chances.size + 1)
    for outcome in product([0, 1], repeat=chances.size):
        expected[sum(outcome)] += np.where(outcome, chances, 1 - chances).prod()
    assert distributions.poisson_binomial(chances) == pytest.approx(expected, abs=1e-15)
    assert distributions.poisson_binomial(np.empty(0)).tolist() == [1.0]
