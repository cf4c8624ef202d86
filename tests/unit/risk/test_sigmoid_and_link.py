"""The portable logistic function against the C library's, and from sums to PDs."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy.special import expit

from equipoise.risk.link import Curve, Link
from equipoise.risk.sigmoid import logistic, logistic_of


def test_the_logistic_function_is_the_librarys_to_four_units_in_the_last_place() -> None:
    x = np.random.default_rng(0).uniform(-45, 45, 20_000)
    assert np.abs(logistic_of(x) / expit(x) - 1).max() < 4 * 2**-52


def test_one_and_many_are_the_same_bits() -> None:
    x = np.concatenate([np.random.default_rng(1).normal(0, 8, 3000), [0, -0.0, 49, 51, -1e9, 1e9]])
    assert [logistic(each) for each in x.tolist()] == logistic_of(x).tolist()
    assert math.isnan(logistic(math.nan)) and np.isnan(logistic_of(np.array([np.nan])))[0]


@pytest.mark.parametrize(
    "link",
    [
        Link("logistic", -0.7, 0.2),
        Link("sigmoid"),
        Link("sigmoid32"),
        Link("identity", -1.0, 1.0),
        Link("identity").recalibrated(1.1, 0.3),
        Link("curve", 2.0, 0.5, Curve.through(np.array([-1.0, 0, 2]), np.array([0.1, 0.2, 0.6]))),
    ],
)
def test_a_link_gives_one_and_many_the_same_and_survives_json(link: Link) -> None:
    raw = np.random.default_rng(2).normal(0, 1.5, 500)
    again = Link.from_dict(json.loads(json.dumps(link.as_dict())))
    assert again == link
    many = [None if math.isnan(each) else each for each in link.over(raw).tolist()]
    assert [link.one(each) for each in raw.tolist()] == many
    assert link.one(None) is None and link.one(math.nan) is None


def test_recalibrating_moves_the_log_odds() -> None:
    raw = np.linspace(0.02, 0.9, 60)
    link = Link("identity").recalibrated(0.8, -0.4)
    assert link.log_odds(raw) == pytest.approx(-0.4 + 0.8 * np.log(raw / (1 - raw)), abs=2e-3)
