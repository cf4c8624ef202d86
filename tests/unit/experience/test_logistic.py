import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from equipoise.errors import BadInput
from equipoise.experience.logistic import fit_logit


def planted(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(0, 1, n), rng.normal(50, 400, n)])
    utility = x @ np.array([-0.4, 0.8, 0.002])
    return x, rng.random(n) < 1 / (1 + np.exp(-utility))


def test_coefficients_equal_scikit_learn_without_penalty() -> None:
    x, y = planted(3000, 1)
    peer = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5000, solver="newton-cholesky")
    peer.fit(x[:, 1:], y)
    ours = fit_logit(x, y).coefficients
    np.testing.assert_allclose(ours, [peer.intercept_[0], *peer.coef_[0]], rtol=1e-6)


def test_standard_errors_are_the_spread_over_repeats() -> None:
    fits = [fit_logit(*planted(800, seed)) for seed in range(200)]
    spread = np.std([fit.coefficients for fit in fits], axis=0, ddof=1)
    stated = np.mean([fit.standard_errors for fit in fits], axis=0)
    np.testing.assert_allclose(stated, spread, rtol=0.15)


def test_a_share_has_its_textbook_log_odds_and_error() -> None:
    y = np.array([True] * 30 + [False] * 70)
    fit = fit_logit(np.ones((100, 1)), y)
    assert fit.coefficients[0] == pytest.approx(np.log(30 / 70))
    assert fit.standard_errors[0] == pytest.approx(np.sqrt(1 / 30 + 1 / 70))
    value, low, high = fit.interval(0)
    assert high - value == pytest.approx(value - low)


def test_repeating_every_row_in_its_cluster_leaves_cluster_errors_and_halves_plain_variance() -> (
    None
):
    x, y = planted(500, 3)
    ids = np.arange(500)
    once = fit_logit(x, y, ids)
    twice = fit_logit(np.repeat(x, 2, axis=0), np.repeat(y, 2), np.repeat(ids, 2))
    np.testing.assert_allclose(twice.covariance, once.covariance, rtol=1e-6)
    plain = fit_logit(np.repeat(x, 2, axis=0), np.repeat(y, 2))
    np.testing.assert_allclose(plain.covariance * 2, fit_logit(x, y).covariance, rtol=1e-6)


def test_a_known_part_is_held_fixed() -> None:
    x, y = planted(20_000, 4)
    free = fit_logit(x[:, :2], y, offset=0.002 * x[:, 2])
    np.testing.assert_allclose(free.coefficients, [-0.4, 0.8], atol=0.08)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.ones((5, 1)), np.ones(5, dtype=bool), "one class only"),
        (np.ones((6, 2)), np.array([1, 0, 1, 0, 1, 0], dtype=bool), "cannot be told apart"),
        (
            np.column_stack([np.ones(8), np.arange(8.0) - 3.5]),
            np.arange(8) >= 4,
            "separates accepted from refused",
        ),
    ],
)
def test_data_that_measure_nothing_are_refused(x: np.ndarray, y: np.ndarray, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        fit_logit(x, y)
