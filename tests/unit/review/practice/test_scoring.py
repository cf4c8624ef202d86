"""The figures of practice against published and independent ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from equipoise.review.practice import cut, kinds, near, to_step
from equipoise.review.practice.scoring import (
    brier_interval,
    calibration,
    decomposed,
    discrimination,
    gap,
    log_score,
    right,
)

# Forecasts of rain by the United States' weather service, 12,402 of them: the chance stated, its
# share of all, and how often it rained then. Source: Wilks 2006, Statistical Methods in the
# Atmospheric Sciences, second edition, table 7.2; the rate of all is printed there as 0.162.
STATED = np.array([0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
SHARE = np.array(
    [0.4112, 0.0671, 0.1833, 0.0986, 0.0616, 0.0366, 0.0303, 0.0275, 0.0245, 0.0220, 0.0170, 0.0203]
)
RAINED = np.array(
    [0.006, 0.019, 0.059, 0.150, 0.277, 0.377, 0.511, 0.587, 0.723, 0.799, 0.934, 0.933]
)


def test_the_parts_of_published_forecasts() -> None:
    n = np.round(SHARE * 124_020).astype(int)
    rain = np.round(RAINED * n).astype(int)
    stated = np.repeat(STATED, n)
    bad = np.concatenate([np.arange(each) < wet for each, wet in zip(n, rain, strict=True)])
    parts = decomposed(stated, bad)
    base = float(SHARE @ RAINED)
    assert base == pytest.approx(0.162, abs=5e-4)
    assert parts.uncertainty == pytest.approx(base * (1 - base), abs=1e-4)
    assert parts.reliability == pytest.approx(float(SHARE @ (STATED - RAINED) ** 2), abs=1e-4)
    assert parts.resolution == pytest.approx(float(SHARE @ (RAINED - base) ** 2), abs=1e-4)
    assert parts.score == pytest.approx(parts.reliability - parts.resolution + parts.uncertainty)


def drawn(n: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    chance = rng.beta(1.2, 8, n)
    return to_step(chance), rng.uniform(size=n) < chance


def test_scores_are_those_of_scikit_learn() -> None:
    stated, bad = drawn(400)
    assert brier_interval(stated, bad, 0.95).value == pytest.approx(brier_score_loss(bad, stated))
    assert log_score(stated, bad, 0.95).value == pytest.approx(log_loss(bad, stated))
    assert discrimination(stated, bad, 0.95).value == pytest.approx(roc_auc_score(bad, stated))


def test_whoever_states_the_rate_of_all_has_no_resolution_and_no_fault() -> None:
    bad = np.arange(100) < 20
    parts = decomposed(np.full(100, 0.2), bad)
    assert (parts.reliability, parts.resolution) == (pytest.approx(0), pytest.approx(0))
    assert parts.score == pytest.approx(0.16)


def test_an_interval_of_the_auc_holds_the_truth_as_often_as_it_says() -> None:
    """Two normal scores a distance of 1 apart: the AUC is known."""
    truth, held = float(stats.norm.cdf(1 / np.sqrt(2))), 0
    rng = np.random.default_rng(2)
    for _ in range(400):
        bad = np.arange(120) < 25
        risk = rng.normal(size=120) + bad
        made = discrimination(risk, bad, 0.95)
        held += made.low <= truth <= made.high
    assert 0.92 <= held / 400 <= 0.98


def test_telling_three_bad_ones_from_all_others_is_no_proof_of_an_eye() -> None:
    made = discrimination(np.array([0.5] * 3 + [0.01] * 30), np.arange(33) < 3, 0.95)
    assert made.value == 1
    assert made.low < 0.5
    assert not discrimination(np.array([0.5, 0.1]), np.array([True, False]), 0.95).known


def test_a_gap_is_paired_and_has_the_sign_of_the_worse() -> None:
    stated, bad = drawn(300)
    worse = gap(np.full(300, 0.75), stated, bad, 0.95)
    assert worse.low > 0
    assert gap(stated, stated, bad, 0.95).value == 0


def test_a_gap_among_cases_of_which_none_may_go_bad_holds_its_level() -> None:
    """Twenty cases of a grade in which one in thirty goes bad: who always says 1 % is not ahead of
    who says 5 % because none did."""
    rng, rate, held = np.random.default_rng(6), 1 / 30, 0
    truth = (0.01**2 - 0.05**2) - 2 * rate * (0.01 - 0.05)
    for _ in range(500):
        bad = rng.uniform(size=20) < rate
        made = gap(np.full(20, 0.01), np.full(20, 0.05), bad, 0.95)
        held += made.low <= truth <= made.high
    assert held / 500 >= 0.93
    none = gap(np.full(20, 0.01), np.full(20, 0.05), np.zeros(20, dtype=bool), 0.95)
    assert none.low < 0 < none.high


def test_calibration_counts_what_came_of_each_step() -> None:
    stated = np.array([0.1] * 10 + [0.5] * 4)
    bad = np.array([True] + [False] * 9 + [True, True, False, False])
    points = calibration(stated, bad, 0.95)
    assert [(each.stated, each.n, each.bad) for each in points] == [(0.1, 10, 1), (0.5, 4, 2)]
    # Wilson's interval of one in ten: 0.0179 to 0.4042. Source: Newcombe 1998, Statist. Med. 17
    assert points[0].rate.low == pytest.approx(0.0179, abs=1e-4)
    assert points[0].rate.high == pytest.approx(0.4042, abs=1e-4)


def test_a_right_answer_is_a_loan_that_was_repaid_or_a_no_to_one_that_was_not() -> None:
    made = right(np.array([True, True, False, False]), np.array([False, True, True, False]), 0.95)
    assert made.value == 0.5


def test_the_cut_is_found_though_some_answers_lie_on_the_other_side() -> None:
    rng = np.random.default_rng(1)
    model = rng.uniform(0.01, 0.4, 400)
    lends = (model < 0.18) ^ (rng.uniform(size=400) < 0.05)
    found = cut(model, lends)
    assert found == pytest.approx(0.18, abs=0.01)
    assert cut(model, np.ones(400, dtype=bool)) is None
    close = near(np.array([0.18, 0.13, 0.02, 0.5]), found)
    assert close.tolist() == [True, True, False, False]
    assert kinds(np.array(["low", "high"]), np.array([True, False])).tolist() == ["near", "high"]
