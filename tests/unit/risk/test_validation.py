"""Discrimination figures against published numbers and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from equipoise.errors import BadInput
from equipoise.risk import validation


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (None, 0.18889596344769588),
        (0.7, 0.13502616807120948),
        (0.1, 0.001212529211507385),
        (0.5, 0.10750123502531805),
        (-0.7, 0.18310946512079307),
    ],
)
def test_h_measure_matches_the_published_example(severity, expected):
    rng = np.random.default_rng(66)
    bad = rng.integers(0, 2, size=10)
    risk = rng.random(10)
    assert validation.h_measure(bad, risk, severity) == pytest.approx(expected, abs=1e-10)


def test_ks_and_gini_match_a_worked_table():
    goods, bads = (100, 200, 300, 250, 150), (40, 30, 20, 8, 2)
    bad = np.concatenate([np.repeat([0, 1], pair) for pair in zip(goods, bads, strict=True)])
    band = np.concatenate(
        [np.full(g + b, -at) for at, (g, b) in enumerate(zip(goods, bads, strict=True))]
    )
    assert validation.ks(bad, band.astype(float)) == pytest.approx(0.40)
    assert validation.gini(bad, band.astype(float)) == pytest.approx(0.507)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2))
def test_auc_brier_and_log_loss_equal_scikit_learn(seed, digits):
    rng = np.random.default_rng(seed)
    bad = np.append(rng.integers(0, 2, 50), [0, 1])
    pd = np.clip(rng.random(52).round(digits + 1), 0.01, 0.99)
    assert validation.auc(bad, pd) == pytest.approx(roc_auc_score(bad, pd), abs=1e-12)
    assert validation.brier(bad, pd) == pytest.approx(brier_score_loss(bad, pd), abs=1e-12)
    assert validation.log_loss(bad, pd) == pytest.approx(log_loss(bad, pd), abs=1e-9)


def test_auc_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    truth = 0.7602499389065233  # P(N(1, 1) > N(0, 1)) = Phi(1 / sqrt 2)
    held = 0
    for _ in range(300):
        bad = np.repeat([0, 1], [120, 40])
        low, high = validation.auc_interval(bad, rng.normal(size=160) + bad)
        held += low <= truth <= high
    assert 0.91 <= held / 300 <= 0.985


def test_delong_error_is_the_spread_of_the_difference_over_samples():
    rng = np.random.default_rng(2)
    bad = np.repeat([0, 1], [200, 100])
    drawn = []
    for _ in range(200):
        shared = rng.normal(size=300) + bad
        drawn.append(validation.delong(bad, shared + rng.normal(size=300), shared))
    differences, errors = np.array(drawn).T
    assert np.mean(errors) == pytest.approx(np.std(differences), rel=0.15)


def test_points_of_the_roc_for_drawing_are_few_and_keep_the_ends():
    rng = np.random.default_rng(3)
    bad = rng.integers(0, 2, 5000)
    points = validation.roc_for_drawing(bad, rng.normal(size=5000) + bad)
    assert len(points) <= 100
    assert points[0] == [0.0, 0.0]
    assert points[-1] == [1.0, 1.0]
    drawn = np.trapezoid([y for _, y in points], [x for x, _ in points])
    assert drawn == pytest.approx(0.76, abs=0.02)


def test_a_sample_with_one_class_is_refused_with_a_mend():
    with pytest.raises(BadInput, match="only one") as refused:
        validation.auc(np.zeros(5), np.arange(5.0))
    assert refused.value.mend


def test_ranks_are_those_of_scipy() -> None:
    rng = np.random.default_rng(3)
    for scores in (rng.normal(size=500), rng.integers(0, 9, 300).astype(float), np.array([])):
        assert validation._ranks(scores).tolist() == stats.rankdata(scores).tolist()
    assert np.isnan(validation._ranks(np.array([1.0, np.nan]))).all()
