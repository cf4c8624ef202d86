"""What knowing is worth, against closed forms of normal decisions and shares of variance."""

import numpy as np
import pytest
from scipy.stats import norm

from equipoise.review.learning.information import Resampling, explained, of_knowing, perfect

DRAWS = 4096
RESAMPLING = Resampling.of(DRAWS, 5)


def unit_normal_loss(mean, sd):
    """What the chance to say no is worth where the gain is normal (Raiffa and Schlaifer 1961)."""
    z = abs(mean) / sd
    return sd * (norm.pdf(z) - z * norm.sf(z))


@pytest.fixture(scope="module")
def normal():
    """Two inputs; the only offer gains 0.3 + 1.0 first + 0.5 second, beside doing nothing."""
    rng = np.random.default_rng(1)
    inputs = rng.standard_normal((DRAWS, 3))
    gain = 0.3 + inputs[:, 0] + 0.5 * inputs[:, 1]
    return inputs, np.column_stack([np.zeros(DRAWS), gain])


def test_perfect_information_is_worth_the_unit_normal_loss(normal):
    _, values = normal
    found = perfect(values, RESAMPLING)
    assert found.value == pytest.approx(unit_normal_loss(0.3, np.sqrt(1.25)), rel=0.05)
    assert found.low < found.value < found.high


def test_knowing_one_input_is_worth_the_loss_of_what_it_moves(normal):
    inputs, values = normal
    for at, slope in ((0, 1.0), (1, 0.5)):
        found = of_knowing(values, inputs[:, [at]], RESAMPLING)
        assert found.value == pytest.approx(unit_normal_loss(0.3, slope), rel=0.1)


def test_knowing_both_is_worth_knowing_all_and_an_input_without_effect_is_worth_nothing(normal):
    inputs, values = normal
    both = of_knowing(values, inputs[:, :2], RESAMPLING)
    assert both.value == pytest.approx(perfect(values, RESAMPLING).value, rel=0.02)
    nothing = of_knowing(values, inputs[:, [2]], RESAMPLING)
    assert nothing.value < 0.005
    assert nothing.low == pytest.approx(0, abs=0.005)


def test_a_sample_is_worth_the_loss_of_what_its_estimate_moves(normal):
    inputs, values = normal
    error = 0.8
    noise = np.random.default_rng(2).standard_normal(DRAWS)
    finding = inputs[:, [0]] + error * noise[:, None]
    foreseen = 1 / np.sqrt(1 + error**2)  # sd of the estimate that a Bayesian would have
    found = of_knowing(values, finding, RESAMPLING)
    assert found.value == pytest.approx(unit_normal_loss(0.3, foreseen), rel=0.1)


def test_an_offer_that_is_best_whatever_is_true_leaves_nothing_to_learn(normal):
    inputs, values = normal
    best = np.column_stack([values[:, 1], values[:, 1] + 1])
    assert perfect(best, RESAMPLING).value == pytest.approx(0, abs=1e-12)
    assert of_knowing(best, inputs[:, [0]], RESAMPLING).value == pytest.approx(0, abs=1e-9)


def test_what_an_input_explains_is_its_share_of_the_variance(normal):
    inputs, values = normal
    gain = values[:, 1]
    assert explained(gain, inputs[:, [0]]) == pytest.approx(0.8, abs=0.02)
    assert explained(gain, inputs[:, [1]]) == pytest.approx(0.2, abs=0.02)
    assert explained(gain, inputs[:, [2]]) == pytest.approx(0, abs=0.005)
    assert explained(gain, inputs[:, :2]) == pytest.approx(1, abs=1e-6)
    assert explained(np.ones(DRAWS), inputs[:, [0]]) == 0
