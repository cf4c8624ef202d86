"""Ranges as distributions: against published moments, and within what can be."""

import numpy as np
import pytest

from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.review.learning.priors import Prior, draws, priors_of


def quantity(value, low, high, provenance="assumed"):
    return Quantity(value=value, low=low, high=high, provenance=provenance, source="a test")


def test_an_assumed_range_has_the_mean_of_a_pert_distribution_and_nothing_outside_it():
    drawn = draws([Prior("x", quantity(2.0, 1.0, 7.0))], 4096, 1)[:, 0]
    assert drawn.mean() == pytest.approx((1 + 4 * 2 + 7) / 6, rel=1e-3)
    assert drawn.min() >= 1.0
    assert drawn.max() <= 7.0


def test_a_value_at_an_end_of_its_range_is_still_the_likeliest():
    drawn = draws([Prior("x", quantity(0.0, 0.0, 3.0))], 4096, 1)[:, 0]
    below = np.histogram(drawn, bins=6, range=(0, 3))[0]
    assert list(below) == sorted(below, reverse=True)


def test_a_measured_interval_holds_95_of_100_draws_and_its_value_is_their_median():
    drawn = draws([Prior("x", quantity(10.0, 8.0, 12.0, "measured"))], 4096, 1)[:, 0]
    assert np.mean((drawn >= 8) & (drawn <= 12)) == pytest.approx(0.95, abs=0.002)
    assert np.median(drawn) == pytest.approx(10, abs=0.01)
    assert drawn.std() == pytest.approx(2 / 1.96, rel=0.01)


def test_a_lopsided_interval_stays_lopsided():
    prior = Prior("x", quantity(10.0, 9.0, 14.0, "measured"))
    low, value, high = prior.at(np.array([0.001, 0.2, 0.999]))
    assert value == pytest.approx(10, abs=1e-9)  # the shorter side holds 1 part of 5
    assert 10 - low < high - 10


@pytest.mark.parametrize(
    ("name", "declared", "least", "most"),
    [
        ("checks.a.drop_off", (0.01, 0.0, 0.03), 0, 1),
        ("take_up.price", (-1.0, -3.0, -0.1), -np.inf, 0),
        ("lgd_scale", (1.0, 0.2, 1.8), 0, np.inf),
    ],
)
def test_nothing_impossible_is_drawn(name, declared, least, most):
    drawn = draws([Prior(name, quantity(*declared, "measured"))], 4096, 1)
    assert drawn.min() >= least
    assert drawn.max() <= most


def test_inputs_are_independent_unless_a_correlation_is_declared():
    two = [Prior("a", quantity(0.0, -1.0, 1.0, "measured")), Prior("b", quantity(5.0, 4.0, 6.0))]
    alone = draws(two, 4096, 1)
    assert np.corrcoef(alone.T)[0, 1] == pytest.approx(0, abs=0.02)
    together = draws(two, 4096, 1, {("a", "b"): 0.7})
    assert np.corrcoef(together.T)[0, 1] == pytest.approx(0.7, abs=0.03)
    assert together[:, 1].min() >= 4


def test_a_correlation_with_what_is_certain_is_refused_with_the_nearest_name():
    two = [Prior("price", quantity(0.0, -1.0, 1.0)), Prior("risk", quantity(0.0, -1.0, 1.0))]
    with pytest.raises(BadInput, match="'prise' has no range"):
        draws(two, 64, 1, {("prise", "risk"): 0.5})
    with pytest.raises(BadInput, match="cannot hold together"):
        draws(two, 64, 1, {("price", "risk"): 1.5})


def test_the_same_seed_draws_the_same_and_what_has_no_range_is_no_prior():
    known = {"a": quantity(0.0, -1.0, 1.0), "b": Quantity(value=1.0), "c": quantity(1.0, 1.0, 1.0)}
    priors = priors_of(known)
    assert [each.name for each in priors] == ["a"]
    assert np.array_equal(draws(priors, 64, 3), draws(priors, 64, 3))
    assert not np.array_equal(draws(priors, 64, 3), draws(priors, 64, 4))
