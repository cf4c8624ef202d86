"""Sizes of trials, against published figures and another program; and how long they take."""

from __future__ import annotations

import math

import pytest

from equipoise.errors import BadInput
from equipoise.review.trials.planning import (
    Question,
    Traffic,
    plan_trial,
    size_to_be_no_worse,
    size_to_differ,
)
from equipoise.review.trials.sequences import boundary, inflation, tightest

BAD = Question("bad", base=0.05, difference=0.02, observed=0.4, window_days=365)
TAKE_UP = Question("take_up", base=0.6, difference=0.05, goal="no_worse", observed=0.5)


def test_two_proportions_as_in_the_help_of_rs_power_prop_test():
    # power.prop.test(p1 = .50, p2 = .75, power = .90)  # =>  n = 76.7
    assert size_to_differ(0.5, 0.75, 0.025, 0.9) == pytest.approx(76.7, abs=0.01)


@pytest.mark.parametrize(
    ("rates", "error", "power", "ratio", "size"),
    [
        # statsmodels 0.15.0: samplesize_proportions_2indep_onetail(second - first, first, power,
        # ratio, 2 * error, alternative="two-sided")
        ((0.50, 0.75), 0.025, 0.9, 1, 76.70692845177747),
        ((0.05, 0.07), 0.025, 0.8, 1, 2212.2047823672056),
        ((0.05, 0.07), 0.025, 0.8, 4, 1327.7880293821806),
        ((0.03, 0.02), 0.005, 0.9, 2, 5551.407675583899),
        ((0.40, 0.45), 0.025, 0.8, 9, 846.6418284821989),
    ],
)
def test_two_proportions_in_arms_of_any_ratio(rates, error, power, ratio, size):
    assert size_to_differ(*rates, error, power, ratio) == pytest.approx(size, rel=1e-9)


def test_non_inferiority_as_in_chow_shao_and_wang():
    # section 4.2: cure rates 0.85 and 0.65, margin 0.10, 5 % one-sided, 80 %: 25 in each arm
    found = size_to_be_no_worse(0.35, 0.10, 0.05, 0.8, truly=-0.20)
    assert math.ceil(found) == 25


def test_the_boundary_is_nearest_where_a_trial_should_end():
    error = 0.025
    best = tightest(error)
    assert all(boundary(best, error) < boundary(best * each, error) for each in (0.5, 0.9, 1.1, 2))
    assert boundary(best, error) > 1.96


def test_watching_costs_less_than_twice_the_outcomes_and_more_when_less_certain():
    assert 1.5 < inflation(0.025, 0.8) < 2
    assert inflation(0.025, 0.9) < inflation(0.025, 0.8)


def test_a_trial_waits_for_traffic_and_then_for_the_outcomes_to_be_known():
    plan = plan_trial((BAD,), Traffic(200, 0.2, 0.8))
    (size,) = plan.sizes
    assert size.recruiting == pytest.approx(size.watched / (200 * 0.2 * 0.4), rel=1e-3)
    assert size.days == pytest.approx(size.recruiting + 365)
    assert size.champion == pytest.approx(4 * size.watched, abs=4)
    assert size.watched == pytest.approx(size.once * size.inflation, rel=1e-3)


def test_a_plan_lasts_until_its_slowest_question_is_answered():
    plan = plan_trial((BAD, TAKE_UP), Traffic(200, 0.2, 0.8))
    assert plan.days == max(size.days for size in plan.sizes)
    assert plan.by_share[0.05] > plan.by_share[0.2] > plan.by_share[0.5]


def test_every_further_question_makes_each_of_them_larger():
    alone, together = (
        plan_trial(each, Traffic(200, 0.2, 0.8)).sizes[0].watched
        for each in ((BAD,), (BAD, TAKE_UP))
    )
    assert together > alone


def test_a_plan_as_plain_data_names_every_figure():
    told = plan_trial((BAD,), Traffic(200, 0.2, 0.8)).as_dict()
    assert told["questions"][0]["challenger_outcomes"] > 0
    assert told["days_by_share"].keys() == {"0.05", "0.1", "0.2", "0.3", "0.5"}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Question("bad", base=0.0, difference=0.02), "base rate"),
        (lambda: Question("bad", base=5.0, difference=0.02), "base rate"),
        (lambda: Question("bad", base=0.99, difference=0.02), "no rate"),
        (lambda: Question("bad", base=0.05, difference=-0.02), "difference"),
        (lambda: Question("bad", base=0.05, difference=0.02, observed=0.0), "observed"),
        (lambda: Question("bad", base=0.05, difference=0.02, window_days=-1), "window"),
        (lambda: Traffic(0, 0.2, 0.8), "applications a day"),
        (lambda: Traffic(10, 0.0, 0.8), "share"),
        (lambda: Traffic(10, 0.3, 0.8), "more than everybody"),
        (lambda: plan_trial((), Traffic(10, 0.2, 0.8)), "nothing"),
        (lambda: plan_trial((BAD,), Traffic(10, 0.2, 0.8), power=0.3), "power"),
        (lambda: plan_trial((BAD,), Traffic(10, 0.2, 0.8), confidence=1.0), "confidence"),
    ],
)
def test_what_cannot_be_planned_is_refused(make, said):
    with pytest.raises(BadInput, match=said):
        make()
