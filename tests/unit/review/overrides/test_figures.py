"""The figures of a group: rates, money, pooling and likes, against published and exact ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from equipoise.review.overrides.inferred import cases_in_a_test
from equipoise.review.overrides.money import MANY, total
from equipoise.review.overrides.observed import rate_p_value, when_bads_show
from equipoise.review.overrides.pooling import pooled_rates
from equipoise.risk.maturity import Outcomes

GAIN, LOSS = 100.0, 600.0


def money(bads: int, known: int, size: int, draws: int = 40_000) -> Any:
    values = np.where(np.arange(known) < bads, -LOSS, GAIN)
    rng = np.random.default_rng(3)
    return total(values, np.ones(known), (GAIN, -LOSS), size, level=0.95, rng=rng, draws=draws)


@pytest.mark.parametrize(("bads", "known"), [(0, 12), (3, 40), (20, 60), (12, 12)])
def test_money_of_equal_loans_has_the_interval_of_jeffreys(bads: int, known: int) -> None:
    """So twelve loans without a bad one are no proof that none goes bad."""
    rate = stats.beta(bads + 0.5, known - bads + 0.5)
    made = money(bads, known, 50)
    ends = [50 * (GAIN - (GAIN + LOSS) * rate.ppf(share)) for share in (0.975, 0.025)]
    value = 50 * (GAIN - (GAIN + LOSS) * bads / known)
    assert made.money.value == pytest.approx(value)
    reach = 0.02 * 50 * (GAIN + LOSS)
    assert made.money.low == pytest.approx(min(ends[0], value), abs=reach)
    assert made.money.high == pytest.approx(max(ends[1], value), abs=reach)
    assert made.below == pytest.approx(rate.sf(GAIN / (GAIN + LOSS)), abs=0.01)


def test_many_loans_are_normal_and_meet_the_draws() -> None:
    few, many = money(140, MANY, 5_000, 4_000), money(154, MANY + 100, 5_000)
    for name in ("value", "low", "high"):
        one, other = getattr(few.money, name), getattr(many.money, name)
        assert one == pytest.approx(other, abs=0.01 * 5_000 * (GAIN + LOSS))


def test_money_holds_its_level_where_few_are_known() -> None:
    """15 loans at 14 %: 95 % intervals hold the truth in at least 93 % of 2,000 draws."""
    rng, rate, held = np.random.default_rng(8), 0.14, 0
    answers = {bads: money(bads, 15, 1, 2_000).money for bads in range(16)}
    truth = GAIN - (GAIN + LOSS) * rate
    for bads in rng.binomial(15, rate, 2_000):
        held += answers[bads].low <= truth <= answers[bads].high
    assert held / 2_000 >= 0.93


def test_the_exact_test_of_a_rate_is_the_binomial_for_equal_chances() -> None:
    assert rate_p_value(9, np.full(50, 0.08)) == pytest.approx(2 * stats.binom.sf(8, 50, 0.08))
    assert rate_p_value(0, np.full(50, 0.08)) == pytest.approx(2 * 0.92**50)
    assert rate_p_value(4, np.full(50, 0.08)) == 1.0


def test_somebody_of_three_cases_is_drawn_to_the_others_and_somebody_of_many_is_not() -> None:
    bads, known = np.array([3.0, 30, 28, 33, 31, 29, 150]), np.array([3.0, *[300.0] * 5, 300])
    pooled = pooled_rates(bads, known, np.full(7, 0.1), 0.95).rates
    assert pooled[0].value < 0.6
    assert pooled[0].low < 0.3
    assert pooled[6].value == pytest.approx(0.5, abs=0.02)
    alike = pooled_rates(bads[:6], known[:6], np.full(6, 0.1), 0.95).rates
    assert alike[0].low < 0.13
    assert alike[0].value < 0.25


def test_pooled_rates_are_nearer_the_truth_than_raw_ones() -> None:
    rng = np.random.default_rng(4)
    raw, drawn, held = 0.0, 0.0, []
    for _ in range(40):
        known = rng.integers(3, 60, 12).astype(float)
        expected = rng.uniform(0.08, 0.2, 12)
        truth = rng.beta(40 * expected, 40 * (1 - expected))
        bads = rng.binomial(known.astype(int), truth).astype(float)
        rates = pooled_rates(bads, known, expected, 0.95).rates
        raw += float(np.square(bads / known - truth).sum())
        drawn += float(np.square([each.value for each in rates] - truth).sum())
        held += [each.low <= t <= each.high for each, t in zip(rates, truth, strict=True)]
    assert drawn < 0.6 * raw
    assert np.mean(held) > 0.9


def test_when_bads_show_comes_from_the_first_source_with_enough_of_them() -> None:
    months = np.repeat([1.0, 4.0, 12.0], [20, 20, 60])
    enough = Outcomes(months, np.arange(100) < 40, np.arange(100) >= 100)
    few = Outcomes(months[:20], np.ones(20, dtype=bool), np.zeros(20, dtype=bool))
    assert when_bads_show((few, enough), 12)[[0, 1, 3, 4, 12]].tolist() == [0, 0.5, 0.5, 1, 1]
    assert when_bads_show((few,), 4).tolist() == [0, 0.25, 0.5, 0.75, 1]


def test_a_tests_size_has_its_power() -> None:
    cases = cases_in_a_test(0.05, 1 / 7, 0.95)
    assert cases is not None
    below = int(stats.binom.ppf(0.025, cases, 1 / 7)) - 1  # bads that say: not what breaks even
    assert stats.binom.cdf(below, cases, 0.05) == pytest.approx(0.8, abs=0.1)
    assert cases_in_a_test(0.1, 0.1, 0.95) is None
