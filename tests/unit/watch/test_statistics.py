"""Statistics against published numbers and independent programs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from equipoise.risk.stability import stability_index
from equipoise.watch.judging.correlated import (
    chance_of_as_many,
    conditional_pd,
    most_defaults,
    variance_between,
)
from equipoise.watch.judging.lasting import PERSISTENCE, prediction
from equipoise.watch.judging.shifts import restlessness, shift
from equipoise.watch.judging.steps import steps_of


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
    fitted = steps_of(ratio, variance)
    assert fitted is not None
    assert fitted.between == pytest.approx(0.3181, abs=5e-5)  # Viechtbauer's metafor, method PM
    assert fitted.mean == pytest.approx(-0.7150, abs=2e-4)


def autoregression(rng: np.random.Generator, lots: int, periods: int, of: float) -> np.ndarray:
    """(lots, periods) of unit variance, stationary from the start."""
    made = rng.normal(size=(lots, periods))
    for at in range(1, periods):
        made[:, at] = of * made[:, at - 1] + np.sqrt(1 - of**2) * made[:, at]
    return made


@pytest.mark.parametrize("persistence", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("sampling", [0.01, 1.0])
def test_the_chance_of_an_alarm_is_what_it_says_however_long_an_economy_lasts(
    persistence: float, sampling: float
) -> None:
    rng, level, lots = np.random.default_rng(31), 0.01, 300
    lasting = autoregression(rng, lots, 48, persistence)
    y = lasting + rng.normal(0.0, np.sqrt(sampling), lasting.shape)
    v = np.full(48, sampling)
    began = 0
    for one in y:
        fitted = prediction(one[:24], v[:24])
        assert fitted is not None
        red = fitted.chances(one[24:], v[24:])[1] <= level
        began += int((red & ~np.append(False, red[:-1])).sum())
    # three standard errors of a count of that mean, were the periods independent
    expected = level * lots * 24
    assert began <= expected + 3 * np.sqrt(expected)
    assert began >= expected / 5


def test_what_lasts_makes_the_mean_less_certain_by_as_much_as_published() -> None:
    periods = 24
    fitted = prediction(autoregression(np.random.default_rng(1), 1, periods, 0.5)[0], np.zeros(24))
    assert fitted is not None
    lasts = np.tile(PERSISTENCE, fitted.believed.size // PERSISTENCE.size)
    between = fitted.steps / (2 * (1 - lasts))
    # the best unbiased mean of an AR(1), as in Chipman 1979, and a period of its own
    of_the_mean = between * (1 + lasts) / (periods - (periods - 2) * lasts)
    np.testing.assert_allclose(fitted.variances, between + of_the_mean, rtol=1e-9)


def test_laws_are_believed_by_the_restricted_likelihood_gaps_and_all() -> None:
    rng = np.random.default_rng(2)
    y, v = rng.normal(3.0, 1.0, 9), rng.uniform(0.1, 2.0, 9)
    y[[2, 6]] = np.nan
    fitted = prediction(y, v)
    assert fitted is not None
    at = np.flatnonzero(np.isfinite(y))
    lasts = np.tile(PERSISTENCE, fitted.believed.size // PERSISTENCE.size)
    between = fitted.steps / (2 * (1 - lasts))
    logs, means = [], []
    for phi, variance in zip(lasts, between, strict=True):
        covariance = variance * phi ** np.abs(np.subtract.outer(at, at)) + np.diag(v[at])
        inverse, ones = np.linalg.inv(covariance), np.ones(at.size)
        whole = ones @ inverse @ ones
        mean = ones @ inverse @ y[at] / whole
        off = y[at] - mean
        likelihood = -(np.linalg.slogdet(covariance)[1] + np.log(whole) + off @ inverse @ off) / 2
        deviation = np.log(variance / (variance + v[at].mean())) / 2
        logs.append(likelihood + deviation - phi)
        means.append(mean)
    believed = np.exp(np.array(logs) - max(logs))
    np.testing.assert_allclose(fitted.believed, believed / believed.sum(), rtol=1e-7, atol=1e-15)
    np.testing.assert_allclose(fitted.means, means, rtol=1e-9)


def test_a_book_that_no_factor_moves_has_nearly_the_limits_of_the_binomial() -> None:
    rng, loans, pd, periods = np.random.default_rng(5), 4000, 0.05, 120
    late = rng.binomial(loans, pd, periods)
    rate, v = np.arcsin(np.sqrt(late / loans)), np.full(periods, 1 / (4 * loans))
    fitted = prediction(rate, v)
    assert fitted is not None
    counts = np.arange(200, 320)
    chance = fitted.chances(np.arcsin(np.sqrt(counts / loans)), np.full(counts.size, v[0]))[1]
    ours = counts[chance <= 1 / 600][0]
    exact = stats.binom.isf(1 / 600, loans, pd) + 1
    assert ours == pytest.approx(exact, rel=0.03)


def test_a_long_history_tells_how_long_an_economy_lasts() -> None:
    for persistence in (0.0, 0.8):
        lasting = autoregression(np.random.default_rng(4), 1, 400, persistence)[0]
        fitted = prediction(lasting, np.full(400, 1e-3))
        assert fitted is not None
        lasts = np.tile(PERSISTENCE, fitted.believed.size // PERSISTENCE.size)
        # its standard error is sqrt((1 - persistence^2) / periods)
        error = np.sqrt((1 - persistence**2) / 400)
        assert fitted.believed @ lasts == pytest.approx(persistence, abs=3 * error + 0.02)


def test_too_few_periods_say_nothing() -> None:
    assert steps_of(np.zeros(5), np.ones(5)) is None
    assert prediction(np.zeros(5), np.ones(5)) is None


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


def test_the_limit_of_a_shift_is_near_the_chi_squared_where_nothing_moves_the_bins() -> None:
    rng, level, error, ratios = np.random.default_rng(8), 0.02, 1 / 800 + 1 / 19_200, []
    for _ in range(40):
        rest = restlessness(rng.multinomial(800, np.full(10, 0.1), size=24).astype(float))
        assert rest is not None
        limit = optimize.brentq(lambda index, of=rest: of.chance(index, error, 10) - level, 0, 1)
        ratios.append(limit / (error * stats.chi2.isf(level, 9)))
    assert min(ratios) >= 1  # a direction picked among ten always looks restless
    assert np.median(ratios) < 1.25


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
        rest = restlessness(past[:24])
        assert rest is not None
        chances.append(shift(past[:24].sum(axis=0), far, rest, 0.5).chance)
    assert chances[0] < 1e-3
    assert chances[1] > 0.05


def test_a_mix_that_drifts_with_the_economy_rings_no_more_often_than_it_says() -> None:
    rng, level, lots = np.random.default_rng(12), 0.02, 60
    began = 0
    for factor in autoregression(rng, lots, 48, 0.9):
        shares = np.exp(0.1 * factor[:, None] * np.linspace(-1, 1, 8))
        counts = rng.multinomial(50_000, shares / shares.sum(axis=1, keepdims=True)).astype(float)
        rest = restlessness(counts[:24])
        assert rest is not None
        base = counts[:24].sum(axis=0)
        red = np.array([shift(base, each, rest, 0.5).chance <= level for each in counts[24:]])
        began += int((red & ~np.append(False, red[:-1])).sum())
    expected = level * lots * 24
    assert expected / 5 <= began <= expected + 3 * np.sqrt(expected)


def test_the_bound_is_the_chi_squared_law_of_samples() -> None:
    rng = np.random.default_rng(10)
    base = rng.multinomial(300, np.full(10, 0.1)).astype(float)
    rest = restlessness(rng.multinomial(300, np.full(10, 0.1), size=12).astype(float))
    assert rest is not None
    told = shift(base, base[::-1].copy(), rest, 0.5)
    assert told.bound == pytest.approx(0.1128, abs=1e-4)  # 300 against 300, ten bins: 0.113
