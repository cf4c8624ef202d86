from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.experience.competing import cause_specific_hazards, cumulative_incidence

cases = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3)), min_size=1, max_size=60).map(
    lambda rows: (np.array([r[0] for r in rows], float), np.array([r[1] for r in rows]))
)


def kaplan_meier(time: np.ndarray, event: np.ndarray) -> tuple[list[float], list[float]]:
    """Product-limit survival and Greenwood variance, one time after another."""
    survival, spread, out, variances = 1.0, 0.0, [], []
    for t in sorted(set(time[event].tolist())):
        n, d = int((time >= t).sum()), int(((time == t) & event).sum())
        survival *= 1 - d / n
        spread += d / (n * (n - d)) if n > d else 0.0
        out.append(survival)
        variances.append(survival**2 * spread)
    return out, variances


def test_incidence_matches_a_hand_computed_example() -> None:
    # six cases: ends at 1 (cause 1), 2 (cause 2), 3 (censored), 4 (cause 1), 5 (cause 1), 6 (c.)
    curves = cumulative_incidence(np.arange(1.0, 7.0), np.array([1, 2, 0, 1, 1, 0]), 2)
    # survival before each end: 1, 5/6, 2/3, 4/9 with 6, 5, 3, 2 at risk
    first = [Fraction(1, 6), Fraction(1, 6), Fraction(7, 18), Fraction(11, 18)]
    second = [Fraction(0), Fraction(1, 6), Fraction(1, 6), Fraction(1, 6)]
    assert curves.times.tolist() == [1, 2, 4, 5]
    assert curves.at_risk.tolist() == [6, 5, 3, 2]
    np.testing.assert_allclose(curves.incidence[0], [float(f) for f in first], rtol=1e-12)
    np.testing.assert_allclose(curves.incidence[1], [float(f) for f in second], rtol=1e-12)
    # the variance at the first end is that of one binomial share: p (1 - p) / n
    assert curves.variance[0, 0] == pytest.approx(1 / 6 * 5 / 6 / 6)


@given(cases)
def test_survival_and_incidences_sum_to_one_and_survival_is_kaplan_meier(
    data: tuple[np.ndarray, np.ndarray],
) -> None:
    time, cause = data
    curves = cumulative_incidence(time, cause, 3)
    survival, _ = kaplan_meier(time, cause > 0)
    np.testing.assert_allclose(curves.survival, survival, atol=1e-12)
    np.testing.assert_allclose(curves.incidence.sum(axis=0), 1 - curves.survival, atol=1e-12)


@given(cases)
def test_with_one_cause_incidence_is_one_minus_kaplan_meier_with_greenwood_variance(
    data: tuple[np.ndarray, np.ndarray],
) -> None:
    time, cause = data
    event = cause > 0
    curves = cumulative_incidence(time, event.astype(np.int64), 1)
    survival, variances = kaplan_meier(time, event)
    np.testing.assert_allclose(curves.incidence[0], 1 - np.array(survival), atol=1e-12)
    np.testing.assert_allclose(curves.variance[0], variances, atol=1e-12)


def test_without_censoring_incidence_and_variance_are_those_of_plain_shares() -> None:
    rng = np.random.default_rng(5)
    time, cause = rng.exponential(10, 400), rng.integers(1, 4, 400)
    curves = cumulative_incidence(time, cause, 3)
    for k in (1, 2, 3):
        for t in (3.0, 10.0, 40.0):
            share = ((time <= t) & (cause == k)).mean()
            index = np.searchsorted(curves.times, t, side="right") - 1
            assert curves.at(t, k)[0] == pytest.approx(share)
            assert curves.variance[k - 1, index] == pytest.approx(share * (1 - share) / 400)


def test_intervals_cover_the_true_incidence_about_95_times_in_100() -> None:
    rng = np.random.default_rng(8)
    covered = 0
    truth = 0.06 / 0.1 * (1 - np.exp(-0.1 * 8))
    for _ in range(400):
        end, censor = rng.exponential(10, 200), rng.uniform(2, 25, 200)
        cause = np.where(end <= censor, rng.choice([1, 2], 200, p=[0.6, 0.4]), 0)
        _, low, high = cumulative_incidence(np.minimum(end, censor), cause, 2).at(8.0, 1)
        covered += low <= truth <= high
    assert 0.92 <= covered / 400 <= 0.98


def test_late_entry_leaves_out_time_nobody_saw() -> None:
    time, cause = np.array([3.0, 5.0, 6.0]), np.array([1, 1, 1])
    curves = cumulative_incidence(time, cause, 1, entry=np.array([0.0, 4.0, 0.0]))
    assert curves.at_risk.tolist() == [2, 2, 1]


def test_cause_specific_hazards_recover_the_planted_rates() -> None:
    rng = np.random.default_rng(2)
    n = 40_000
    end = rng.exponential(1 / 0.2, n)
    cause = rng.choice([1, 2], n, p=[0.75, 0.25])
    seen = np.minimum(end, 6.0)
    for k, rate in ((1, 0.15), (2, 0.05)):
        result = cause_specific_hazards(seen, np.where(end < 6, cause, 0), k, [0, 1, 3, 6])
        assert all(band.low <= rate <= band.high for band in result)
        assert sum(band.events for band in result) == ((cause == k) & (end < 6)).sum()
    assert sum(band.exposure for band in result) == pytest.approx(seen.sum())


def test_negative_durations_and_unknown_causes_are_refused() -> None:
    with pytest.raises(BadInput, match="1 durations are negative"):
        cumulative_incidence(np.array([1.0, -2.0]), np.array([1, 1]), 1)
    with pytest.raises(BadInput, match="causes must be"):
        cumulative_incidence(np.array([1.0]), np.array([4]), 2)
