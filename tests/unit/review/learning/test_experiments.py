"""Experiments: their errors against simulated data that the lender's own fits are run on."""

from math import ceil

import numpy as np
import pytest

from equipoise.errors import BadInput
from equipoise.experience.logistic import fit_logit
from equipoise.review.learning.experiments import (
    Arm,
    Flow,
    Seen,
    cheapest,
    counted,
    looked_up,
    share_error,
    slope_error,
    tried,
)

FLOW = Flow(per_day=100)


def test_a_slope_has_the_error_that_a_logistic_regression_of_the_two_arms_reports():
    rate, apart, many, ratio = 0.4, 0.03, 20_000, 4
    rng = np.random.default_rng(1)
    x = np.concatenate([np.zeros(many * ratio), np.full(many, apart)])
    taken = rng.random(x.size) < rate  # a slope of nothing: both arms have the same rate
    fit = fit_logit(np.column_stack([np.ones(x.size), x]), taken)
    assert slope_error(rate, apart)(many, ratio) == pytest.approx(fit.standard_errors[1], rel=0.02)


def test_a_share_has_the_spread_that_repeated_counts_have():
    counts = np.random.default_rng(2).binomial(400, 0.2, 20_000) / 400
    assert share_error(0.2)(400, 1) == pytest.approx(counts.std(), rel=0.02)


def test_what_is_only_counted_takes_as_many_days_as_its_outcomes_need_and_costs_nothing():
    seen = Seen(0.2, 0.3, observed=0.5, after=14, error=share_error(0.2))
    found = counted("count", seen, FLOW)
    # one sample: (1.96 sqrt(.2 x .8) + 0.8416 sqrt(.3 x .7))^2 / 0.1^2
    assert found.outcomes == ceil((1.959964 * 0.4 + 0.841621 * np.sqrt(0.21)) ** 2 / 0.01)
    assert found.people == pytest.approx(found.outcomes / 0.5, abs=2)
    assert found.days == pytest.approx(found.people / 100 + 14, abs=0.05)
    assert (found.cost, found.risk, found.settles, found.is_trial) == (0, 0, True, False)


def test_a_trial_is_larger_than_one_look_and_costs_by_the_head():
    seen = Seen(0.5, 0.6, observed=0.5, after=14, error=slope_error(0.5, 0.4))
    arm = Arm(whom=0.5, cost=3.0, risk=-1.0, treatments=("fast_low_full",))
    found = tried("price", seen, arm, FLOW)
    assert found.is_trial
    assert found.outcomes > counted("count", seen, FLOW).outcomes
    assert found.cost == pytest.approx(3 * found.people, rel=1e-3)
    assert found.risk == pytest.approx(-found.people, rel=1e-3)
    assert found.recruiting == pytest.approx(found.people / (100 * 0.5 * 0.2), rel=1e-2)


def test_what_takes_too_long_is_cut_and_says_that_it_does_not_settle_it():
    seen = Seen(0.05, 0.051, observed=0.5, after=365, error=share_error(0.05))
    found = counted("count", seen, FLOW)
    assert not found.settles
    assert found.recruiting == FLOW.most_days
    assert found.people == pytest.approx(100 * 365, rel=1e-3)
    assert found.error == pytest.approx(share_error(0.05)(found.outcomes, 1), rel=1e-3)


def test_the_cheapest_that_settles_it_comes_before_one_that_is_cheaper_and_does_not():
    seen = Seen(0.5, 0.6, observed=0.5, after=14, error=share_error(0.5))
    dear = tried("price", seen, Arm(0.5, 9.0, 0.0), FLOW)
    cheap = tried("price", seen, Arm(0.5, 3.0, 0.0), FLOW)
    unsettled = tried("price", seen, Arm(0.01, 0.1, 0.0), FLOW)
    assert not unsettled.settles
    assert cheapest([dear, None, unsettled, cheap]) is cheap
    assert cheapest([unsettled]) is unsettled
    assert cheapest([None]) is None
    assert cheapest([cheap, looked_up()]).kind == "look_up"


def test_nobody_seen_or_tried_is_no_experiment_and_no_flow_is_refused():
    seen = Seen(0.5, 0.6, observed=0.0, after=0, error=share_error(0.5))
    assert counted("count", seen, FLOW) is None
    assert tried("price", seen, Arm(0.5, 0.0, 0.0), FLOW) is None
    with pytest.raises(BadInput, match="no applications a day"):
        Flow(per_day=0)
    with pytest.raises(BadInput, match="share"):
        Flow(per_day=1, share=0.8)


def test_a_quarter_of_the_range_is_told_apart_as_often_as_promised():
    """Counts from a truth a quarter of the range away differ from the stated rate 8 times in 10."""
    stated, away = 0.14, 0.14 + 0.23 / 4
    seen = Seen(stated, away, observed=0.5, after=0, error=share_error(stated))
    outcomes = counted("count", seen, FLOW).outcomes
    counts = np.random.default_rng(3).binomial(outcomes, away, 20_000) / outcomes
    told = np.abs(counts - stated) > 1.96 * np.sqrt(stated * (1 - stated) / outcomes)
    assert told.mean() == pytest.approx(0.8, abs=0.03)
