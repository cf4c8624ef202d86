"""Immature loans never pass for good ones: known truth under censoring."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.errors import BadInput
from equipoise.risk.maturity import (
    Outcomes,
    bad_rate_by_month,
    maturity_curve,
    maturity_share,
    window_weights,
)

WINDOW = 12


def portfolio(seed: int = 0, rows: int = 60_000):
    """Monthly default hazard 1 %, repayment hazard 2 %, watched 1 to 24 months."""
    rng = np.random.default_rng(seed)
    watched = rng.integers(1, 25, rows)
    default = rng.geometric(0.01, rows)
    repaid = rng.geometric(0.02, rows)
    first = np.minimum(default, repaid)
    seen = first <= watched
    return Outcomes(
        months=np.where(seen, first, watched).astype(float),
        defaulted=seen & (default <= repaid),
        closed=seen & (default > repaid),
    )


def true_share(month: int) -> float:
    overall = 1 - (1 - 0.01) * (1 - 0.02)
    return 0.01 / overall * (1 - (1 - overall) ** month)


def test_curve_recovers_the_true_share_of_each_month():
    curve = maturity_curve(portfolio(), WINDOW)
    assert curve == pytest.approx([true_share(month) for month in range(WINDOW + 1)], abs=0.004)
    assert maturity_share(curve)[-1] == 1.0


def test_weighted_bad_rate_is_the_curve_at_the_window_and_the_naive_rate_is_too_low():
    outcomes = portfolio()
    bad, weight = window_weights(outcomes, WINDOW)
    assert np.average(bad, weights=weight) == pytest.approx(
        maturity_curve(outcomes, WINDOW)[-1], rel=1e-9
    )
    assert weight.sum() == pytest.approx(bad.size, rel=1e-9)
    assert bad.mean() < 0.8 * true_share(WINDOW)


def test_immature_goods_have_no_weight_and_known_ones_do():
    outcomes = Outcomes(
        months=np.array([3.0, 3.0, 3.0, 12.0, 20.0, 15.0]),
        defaulted=np.array([True, False, False, False, False, True]),
        closed=np.array([False, True, False, False, False, False]),
    )
    bad, weight = window_weights(outcomes, WINDOW)
    assert bad.tolist() == [True, False, False, False, False, False]
    assert (weight > 0).tolist() == [True, True, False, True, True, True]


def test_a_window_nobody_was_watched_for_is_refused():
    outcomes = Outcomes(np.array([5.0, 6.0]), np.array([True, False]), np.zeros(2, dtype=bool))
    with pytest.raises(BadInput, match="whole window of 12 months") as refused:
        window_weights(outcomes, WINDOW)
    assert "6 months" in refused.value.mend


def test_negative_or_missing_months_are_refused():
    none = np.zeros(2, dtype=bool)
    for months in ([-1.0, 2.0], [np.nan, 2.0]):
        with pytest.raises(BadInput):
            Outcomes(np.array(months), none, none)


def test_falling_tail_of_months_is_called_unsettled():
    rng = np.random.default_rng(1)
    rates = [0.27, 0.27, 0.28, 0.27, 0.26, 0.20, 0.15, 0.10]
    month = np.repeat([f"2018-{at:02d}" for at in range(1, 9)], 1500)
    table = bad_rate_by_month(rng.random(month.size) < np.repeat(rates, 1500), month)
    assert table.unsettled == ("2018-06", "2018-07", "2018-08")
    level = bad_rate_by_month(rng.random(month.size) < 0.27, month)
    assert level.unsettled == ()
