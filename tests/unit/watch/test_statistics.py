"""Statistics against published numbers and independent programs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from equipoise.risk.stability import stability_index
from equipoise.watch.judging.correlated import (
    chance_of_as_many,
    conditional_pd,
    most_defaults,
    variance_between,
)
from equipoise.watch.judging.prediction import history_of
from equipoise.watch.judging.shifts import restlessness, shift


@pytest.mark.parametrize(
    ("factor", "percent"),
    [(-1.2816, 4.559), (-1.6449, 6.219), (-2.3263, 10.558), (-3.0902, 17.633)],
)
def test_vasicek_gives_the_worked_pds_under_stress(factor: float, percent: float) -> None:
    assert 100 * float(conditional_pd(0.02, 0.15, factor)) == pytest.approx(percent, abs=5e-4)


@pytest.mark.parametrize(
    ("defaults", "loans", "pd"), [(1, 50, 0.02), (9, 200, 0.02), (40, 400, 0.07)]
)
def test_without_correlation_defaults_are_binomial(defaults: int, loans: int, pd: float) -> None:
    ours = chance_of_as_many(defaults, loans, pd, 0.0)
    assert ours == pytest.approx(stats.binom.sf(defaults - 1, loans, pd), rel=1e-10)


@pytest.mark.parametrize(
    ("defaults", "loans", "pd", "rho"), [(30, 1000, 0.02, 0.05), (12, 300, 0.01, 0.12)]
)
def test_correlated_counts_agree_with_adaptive_integration(
    defaults: int, loans: int, pd: float, rho: float
) -> None:
    def given(z: float) -> float:
        p = stats.norm.cdf((stats.norm.ppf(pd) - np.sqrt(rho) * z) / np.sqrt(1 - rho))
        return float(stats.binom.sf(defaults - 1, loans, p) * stats.norm.pdf(z))

    truth, _ = integrate.quad(given, -10, 10, limit=400, points=[-3, -2, -1, 0])
    assert chance_of_as_many(defaults, loans, pd, rho) == pytest.approx(truth, rel=2e-3)


def test_most_defaults_is_the_first_count_that_is_rarely_passed() -> None:
    many = most_defaults(500, 0.02, 0.08, 0.99)
    assert chance_of_as_many(many + 1, 500, 0.02, 0.08) <= 0.01
    assert chance_of_as_many(many, 500, 0.02, 0.08) > 0.01
    assert many > stats.binom.ppf(0.99, 500, 0.02)


def test_variance_between_periods_is_that_of_the_bivariate_normal() -> None:
    pd, rho = 0.03, 0.1
    at = stats.norm.ppf(pd)
    both = stats.multivariate_normal.cdf([at, at], cov=[[1, rho], [rho, 1]])
    assert variance_between(pd, rho) == pytest.approx((both - pd**2) / pd**2, rel=1e-4)


# The 13 trials of BCG vaccine (Colditz and others 1994): cases and others, treated and not.
BCG = np.array([
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
    (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892),
    (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
], dtype=float)  # fmt: skip


def test_the_variance_between_periods_is_that_published_of_thirteen_trials() -> None:
    a, b, c, d = BCG.T
    ratio = np.log(a / (a + b)) - np.log(c / (c + d))
    variance = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    fitted = history_of(ratio, variance)
    assert fitted is not None
    assert fitted.between == pytest.approx(0.3181, abs=5e-5)  # Viechtbauer's metafor, method PM
    assert fitted.mean == pytest.approx(-0.7150, abs=2e-4)


def test_the_chance_of_an_alarm_is_what_it_says_when_nothing_changes() -> None:
    rng = np.random.default_rng(31)
    alarms, level, tests = 0, 0.01, 4000
    for _ in range(tests):
        truth = rng.normal(0.0, 0.7, 25)  # periods differ by less than sampling does
        y, v = truth + rng.normal(0.0, 1.0, 25), np.ones(25)
        fitted = history_of(y[:24], v[:24])
        assert fitted is not None
        _, above = fitted.chances(y[24:], v[24:])
        alarms += int(above[0] <= level)
    # three standard errors of the count
    assert alarms / tests <= level + 3 * np.sqrt(level * (1 - level) / tests)
    assert alarms / tests >= level / 2


def test_too_few_periods_say_nothing() -> None:
    assert history_of(np.zeros(5), np.ones(5)) is None


def test_the_worked_stability_index() -> None:
    e = np.array([5.0, 10, 15, 20, 20, 15, 10, 5])
    a = np.array([4.0, 8, 12, 18, 22, 17, 12, 7])
    assert stability_index(e * 100, a * 100) == pytest.approx(0.030281, abs=5e-7)


def test_an_empty_bin_counts_as_much_as_the_indicator_says() -> None:
    e, a = np.array([50.0, 50.0, 0.0]), np.array([40.0, 40.0, 20.0])
    shares = lambda x: x / x.sum()  # noqa: E731
    for rows in (0.5, 2.0):
        expected, actual = shares(np.maximum(e, rows)), shares(np.maximum(a, rows))
        by_hand = float(((actual - expected) * np.log(actual / expected)).sum())
        assert stability_index(e, a, rows) == pytest.approx(by_hand)


def test_a_shift_is_called_by_chance_as_often_as_its_chance_says() -> None:
    rng = np.random.default_rng(8)
    p = np.full(10, 0.1)
    called, tests = 0, 1500
    for _ in range(tests):
        counts = rng.multinomial(800, p, size=25).astype(float)
        rest = restlessness(counts[:24], 0.5)
        assert rest is not None
        called += shift(counts[:24].sum(axis=0), counts[24], rest, 0.5).chance <= 0.02
    assert called / tests <= 0.02 + 3 * np.sqrt(0.02 * 0.98 / tests)
    assert called / tests >= 0.004


def test_restless_periods_make_a_shift_less_surprising() -> None:
    rng = np.random.default_rng(9)

    def periods(strays: float) -> np.ndarray:
        tilt = np.linspace(-1, 1, 10)
        rows = []
        for _ in range(25):
            p = np.exp(rng.normal(0, strays) * tilt)
            rows.append(rng.multinomial(2000, p / p.sum()))
        return np.array(rows, dtype=float)

    calm, restless = periods(0.0), periods(0.3)
    far = rng.multinomial(
        2000, np.exp(0.3 * np.linspace(-1, 1, 10)) / np.exp(0.3 * np.linspace(-1, 1, 10)).sum()
    ).astype(float)
    chances = []
    for past in (calm, restless):
        rest = restlessness(past[:24], 0.5)
        assert rest is not None
        chances.append(shift(past[:24].sum(axis=0), far, rest, 0.5).chance)
    assert chances[0] < 1e-4
    assert chances[1] > 0.05


def test_the_bound_is_the_chi_squared_law_of_samples() -> None:
    rng = np.random.default_rng(10)
    base = rng.multinomial(300, np.full(10, 0.1)).astype(float)
    rest = restlessness(rng.multinomial(300, np.full(10, 0.1), size=12).astype(float), 0.5)
    assert rest is not None
    told = shift(base, base[::-1].copy(), rest, 0.5)
    assert told.bound == pytest.approx(0.1128, abs=1e-4)  # 300 against 300, ten bins: 0.113
