"""Intervals against published tables."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.numeric.intervals import normal_quantile, poisson_rate, student_quantile, wilson

# Newcombe 1998, Statistics in Medicine 17, table I, method 3: successes, trials, low, high
NEWCOMBE = (
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
)
# Exact 95 % limits of a Poisson count: Garwood 1936, Biometrika 28: events, low, high
GARWOOD = ((0, 0.0, 3.6889), (1, 0.0253, 5.5716), (10, 4.7954, 18.3904))


@pytest.mark.parametrize(("successes", "trials", "low", "high"), NEWCOMBE)
def test_wilson_matches_newcombes_table(
    successes: int, trials: int, low: float, high: float
) -> None:
    ends = wilson(np.array(float(successes)), np.array(float(trials)))
    assert [float(end) for end in ends] == pytest.approx([low, high], abs=5e-5)


@pytest.mark.parametrize(("events", "low", "high"), GARWOOD)
def test_a_rate_matches_garwoods_table(events: int, low: float, high: float) -> None:
    ends = poisson_rate(np.array(float(events)), np.array(2.0))
    assert [float(end) for end in ends] == pytest.approx([low / 2, high / 2], abs=5e-5)


def test_without_observations_anything_is_possible() -> None:
    assert [float(end) for end in wilson(np.array(0.0), np.array(0.0))] == [0.0, 1.0]
    assert [float(end) for end in poisson_rate(np.array(0.0), np.array(0.0))] == [0.0, np.inf]


def test_quantiles_are_those_of_the_tables() -> None:
    assert normal_quantile() == pytest.approx(1.959964, abs=5e-7)
    assert normal_quantile(0.9) == pytest.approx(1.644854, abs=5e-7)
    assert student_quantile(10) == pytest.approx(2.228139, abs=5e-7)
    assert student_quantile(1, 0.9) == pytest.approx(6.313752, abs=5e-7)
