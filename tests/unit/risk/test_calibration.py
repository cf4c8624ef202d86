"""Recalibration recovers known truth; tests of calibration have their stated size."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from equipoise.errors import BadInput
from equipoise.risk import calibration


def test_logistic_recalibration_recovers_slope_and_shift():
    rng = np.random.default_rng(1)
    raw = rng.normal(-2, 1.5, 40_000)
    bad = rng.random(raw.size) < expit(0.5 + 0.7 * raw)
    result = calibration.logistic_recalibration(bad, raw)
    peer = LogisticRegression(C=1e9, tol=1e-10).fit(raw[:, None], bad)
    assert result.slope == pytest.approx(float(peer.coef_[0, 0]), abs=2e-3)
    assert result.slope == pytest.approx(0.7, abs=0.04)
    assert result.shift == pytest.approx(0.5, abs=0.08)


def test_a_score_that_ranks_backwards_is_levelled_but_not_turned_over():
    rng = np.random.default_rng(2)
    raw = rng.normal(size=2000)
    bad = rng.random(2000) < expit(-1 - raw)
    result = calibration.logistic_recalibration(bad, raw)
    assert result.slope == 1.0
    assert result.pd(raw).mean() == pytest.approx(bad.mean(), abs=1e-9)


def test_separable_data_give_finite_numbers():
    result = calibration.logistic_recalibration(np.array([0, 0, 1, 1]), np.array([-2.0, -1, 1, 2]))
    assert np.isfinite([result.slope, result.shift]).all()


def test_shift_to_mean_reaches_the_central_tendency():
    raw = np.random.default_rng(3).normal(-1, 1, 500)
    shift = calibration.shift_to_mean(raw, 0.15)
    assert expit(raw + shift).mean() == pytest.approx(0.15, abs=1e-10)
    with pytest.raises(BadInput):
        calibration.shift_to_mean(raw, 1.0)


def test_isotonic_knots_equal_scikit_learn_between_and_beyond_them():
    from sklearn.isotonic import IsotonicRegression

    rng = np.random.default_rng(4)
    raw = rng.normal(size=800)
    bad = rng.random(800) < expit(raw)
    ours = calibration.isotonic_recalibration(bad, raw)
    peer = IsotonicRegression(y_min=1e-5, y_max=1 - 1e-5, out_of_bounds="clip").fit(raw, bad)
    at = np.linspace(-5, 5, 501)
    assert np.allclose(ours.pd(at), peer.predict(at))


def test_jeffreys_and_its_interval_match_known_values():
    # Brown, Cai and DasGupta 2001: Jeffreys interval of 0 in 10 is (0, 0.217)
    low, high = calibration.jeffreys_interval(0, 10)
    assert low == 0.0
    assert high == pytest.approx(0.217, abs=5e-4)
    assert calibration.jeffreys_p_value(10, 100, 0.01) < 1e-6
    assert calibration.jeffreys_p_value(1, 100, 0.10) > 0.999


def test_calibration_by_grade_calls_a_pd_too_low_when_it_is():
    rng = np.random.default_rng(5)
    pd = np.repeat([0.02, 0.2], 4000)
    bad = rng.random(8000) < np.repeat([0.04, 0.2], 4000)
    table = calibration.calibration_by_grade(bad, pd, np.repeat([0, 1], 4000), ["A", "B", "C"])
    assert [row["grade"] for row in table] == ["A", "B"]
    assert [row["verdict"] for row in table] == ["too low", "holds"]


def test_hosmer_lemeshow_keeps_its_size_on_calibrated_pds():
    rng = np.random.default_rng(6)
    p_values = []
    for _ in range(300):
        pd = expit(rng.normal(-1, 1, 1000))
        p_values.append(calibration.hosmer_lemeshow(rng.random(1000) < pd, pd)["p_value"])
    assert 0.02 <= np.mean(np.array(p_values) < 0.05) <= 0.09
