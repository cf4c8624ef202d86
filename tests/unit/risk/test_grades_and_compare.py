"""Grades rise and are big enough; comparisons follow their posterior."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from equipoise.errors import BadInput
from equipoise.risk.compare import correlated_t_test, on_one_test_set
from equipoise.risk.grades import Grades, find_grades


@given(st.integers(0, 2**32 - 1), st.integers(2, 9))
def test_bad_rates_rise_from_grade_to_grade_and_no_grade_is_small(seed, count):
    rng = np.random.default_rng(seed)
    pd = expit(rng.normal(-2, 1, 3000))
    bad = rng.random(3000) < pd
    grades = find_grades(pd, bad, count=count)
    of = grades.of(pd)
    rows = np.bincount(of, minlength=len(grades.names))
    rates = np.bincount(of, weights=bad, minlength=len(grades.names)) / rows
    assert len(grades.names) <= count
    assert np.all(np.diff(rates) > 0)
    assert rows.min() >= 0.03 * 3000
    assert [grades.name(p) for p in pd[:50]] == [grades.names[g] for g in of[:50]]
    assert Grades.from_dict(grades.as_dict()) == grades


def test_grades_that_do_not_rise_are_refused():
    with pytest.raises(BadInput):
        Grades((0.2, 0.1), ("A", "B", "C"))


def test_a_constant_pd_gives_one_grade():
    assert find_grades(np.full(500, 0.1), np.arange(500) % 10 == 0).names == ("A",)


def test_clear_and_small_differences_get_their_probabilities():
    better = correlated_t_test(np.full(50, 0.03) + np.linspace(-0.01, 0.01, 50), 0.2)
    same = correlated_t_test(np.linspace(-0.004, 0.004, 50), 0.2)
    assert better.better > 0.95
    assert same.equal > 0.95
    for one in (better, same):
        assert one.better + one.equal + one.worse == pytest.approx(1)


def test_correlation_of_folds_widens_the_posterior():
    differences = np.random.default_rng(1).normal(0.012, 0.01, 10)
    assert correlated_t_test(differences, 0.2).better < correlated_t_test(differences, 1e-9).better


def test_no_spread_gives_certainty():
    assert correlated_t_test(np.full(5, 0.02), 0.2).better == 1.0
    bad = np.repeat([0, 1], 50)
    risk = np.random.default_rng(2).normal(size=100)
    assert on_one_test_set(bad, risk, risk).equal == 1.0


def test_one_test_set_favours_the_model_that_ranks_better():
    rng = np.random.default_rng(3)
    bad = np.repeat([0, 1], 3000)
    strong, weak = rng.normal(size=6000) + 1.2 * bad, rng.normal(size=6000) + 0.8 * bad
    assert on_one_test_set(bad, strong, weak).better > 0.99
