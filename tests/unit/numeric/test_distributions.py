"""The distribution functions are scipy.stats', bit for bit."""

from __future__ import annotations

import numpy as np
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
