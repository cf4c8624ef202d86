"""The ranking of a lender that assumes everything: what it says, and what it rests on."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.learning_lenders import FLOW, lender, restated

from equipoise.documents import Quantity
from equipoise.review.learning import Stand, learn
from equipoise.review.learning.designs import Ground
from equipoise.review.learning.policies import policies_of, valued
from equipoise.review.learning.priors import draws

COUNT = 128


@pytest.fixture(scope="module")
def stand():
    return lender(7, applicants=1_500).stand


@pytest.fixture(scope="module")
def learning(stand):
    return learn(stand, FLOW, count=COUNT)


def by_name(learning):
    return {each.prior.name: each for each in learning.lessons}


def test_every_input_with_a_range_is_ranked_once_and_none_without(stand, learning):
    assert sorted(by_name(learning)) == sorted(each.name for each in stand.priors)
    assert "checks.income_proof.cost" not in by_name(learning)
    assert "lgd_scale" in by_name(learning)


def test_the_promise_rests_on_take_up_and_its_experiment_is_to_look(learning):
    first = learning.lessons[0]
    assert first.prior.name == "take_up.intercept"
    assert first.experiment.kind == "count"
    assert first.experiment.cost == 0
    low, middle, high = learning.promise
    assert low < middle < high
    assert learning.first_left < 0.85


def test_the_decision_rests_on_what_checks_reveal_which_moves_no_promise(learning):
    by_decision = sorted(learning.lessons, key=lambda each: -each.perfect.value)[:2]
    for each in by_decision:
        assert each.prior.name.endswith(".sensitivity")
        assert each.perfect.low > 0
        assert each.narrows_fully.value < 0.02


def test_a_sample_is_worth_no_more_than_knowing_and_knowing_one_no_more_than_all(learning):
    for each in learning.lessons:
        assert each.sample.low <= each.perfect.high
        assert each.perfect.value <= learning.everything.high
        assert each.narrows.low <= each.narrows_fully.high


def test_the_same_seed_ranks_the_same_to_the_bit_and_places_too_close_are_said(stand, learning):
    again = learn(stand, FLOW, count=COUNT)
    assert again.lessons == learning.lessons
    assert not learning.lessons[0].tied
    assert learning.lessons[-1].tied


def test_an_input_that_has_been_measured_narrows_the_promise_by_about_what_was_foretold(
    stand, learning
):
    first = learning.lessons[0]
    error = 1.96 * first.experiment.error
    value = first.prior.declared.value
    known = Quantity(value=value, low=value - error, high=value + error, provenance="measured")
    after = learn(restated(stand, {first.prior.name: known}), FLOW, count=COUNT)
    before, now = (each.promise[2] - each.promise[0] for each in (learning, after))
    assert now / before == pytest.approx(1 - first.narrows.value, abs=0.12)
    assert by_name(after)[first.prior.name].narrows.value < first.narrows.value


def test_a_policy_that_breaks_a_limit_under_a_draw_is_charged_and_today_never_is(stand):
    priors = stand.priors
    policies = policies_of(stand, priors, draws(priors, 4, 1))
    drawn = draws(priors, 8, 2)
    worth = valued(stand, policies, priors, drawn)
    free = valued(stand, replace(policies, prices={}), priors, drawn)
    # Today keeps what follows today; a sum of numbers in another order differs by its last bit.
    assert worth.net[:, 0] == pytest.approx(free.net[:, 0], rel=1e-9, abs=1e-12)
    assert (worth.net <= free.net + 1e-12).all()
    assert (worth.net[:, 1] < free.net[:, 1] - 1e-9).any()


def test_a_sample_of_the_applicants_promises_what_all_of_them_do(stand):
    some = stand.sampled(500)
    assert some.asked.people.size == 500
    priors = stand.priors
    drawn = draws(priors, 8, 2)
    whole = valued(stand, policies_of(stand, priors, drawn[:0]), priors, drawn).gain
    part = valued(some, policies_of(some, priors, drawn[:0]), priors, drawn).gain
    assert part.mean() == pytest.approx(whole.mean(), rel=0.15)


def test_what_today_never_does_is_learned_from_a_challenger_alone(stand):
    """Where no journey of today has the underwriter's review, someone has to be sent through it."""
    people = stand.asked.people
    review = [each.name for each in stand.asked.model.menu].index("refer")
    lent = np.flatnonzero((people.today != 0) & (people.today != review))
    some = people.rows(lent)
    ground = Ground(stand.asked.model, some, FLOW)
    prior = next(each for each in stand.priors if each.name == "checks.underwriter_review.drop_off")
    experiment = ground.experiment(prior)
    assert experiment.kind == "journey"
    assert experiment.treatments == ("refer",)
    assert experiment.cost > 0


def test_a_lender_who_knows_everything_has_nothing_to_learn(stand):
    measured = {
        each.name: Quantity(value=each.declared.value, provenance="measured")
        for each in stand.priors
    }
    certain = restated(Stand(stand.asked, stand.recommended), measured)
    found = learn(certain, FLOW, count=16)
    assert found.lessons == ()
    assert found.everything.value == pytest.approx(0, abs=1e-12)
    assert found.promise[0] == found.promise[2]
