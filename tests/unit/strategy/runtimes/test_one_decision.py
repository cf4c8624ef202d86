"""One application, decided; the card and the menu are small enough to reckon by hand."""

from __future__ import annotations

import math
from datetime import date

import pytest
from corner_lender import SAFE, TODAY, application, content, strategy

from equipoise.errors import BadInput
from equipoise.strategy.decision import Decision
from equipoise.value.loans import instalment
from equipoise.value.measures import MEASURES


@pytest.fixture(scope="module")
def table():
    return strategy()


@pytest.fixture(scope="module")
def balance():
    return strategy(choose="balance")


def codes(decision: Decision) -> list[str]:
    return [each.code for each in decision.reasons]


def test_a_safe_applicant_is_approved_at_once_on_the_terms_asked(table):
    decision = table.decide(application())
    assert (decision.outcome, decision.grade, decision.journey, codes(decision)) == (
        "approve",
        "A",
        "quick",
        [],
    )
    (offer,) = decision.offers
    assert (offer.treatment, offer.apr, offer.amount, offer.months) == (
        "quick_base_all", 0.09, 8000.0, 36.0,
    )  # fmt: skip
    assert offer.instalment == pytest.approx(float(instalment(8000.0, 0.09, 36.0)))
    assert (decision.trace.points, decision.trace.pd) == (700.0, pytest.approx(0.001))


def test_points_and_pd_follow_the_card(table):
    decision = table.decide(application(score=650.0, dti=0.4, employment="own"))
    assert decision.trace.points == 500 + 100 + 0 - 20
    assert decision.trace.pd == pytest.approx(0.5 - 80 / 200 * 0.499)


def test_less_than_was_asked_is_a_counter_offer_and_says_why(table):
    decision = table.decide(application(score=650.0, amount=5000.0, employment="own", dti=0.2))
    assert decision.outcome == "counter_offer"
    assert decision.offers[0].amount == pytest.approx(0.7 * 5000)
    assert codes(decision) == ["EMPLOYMENT"]


def test_every_rule_that_agrees_with_the_first_gives_its_reason(table):
    decision = table.decide(application(score=520.0, dti=0.9))
    assert (decision.outcome, codes(decision), decision.trace.fired) == (
        "decline", ["DEBTS", "STRAINED"], "debts",
    )  # fmt: skip
    assert decision.offers == ()


def test_a_rule_may_send_to_a_person(table):
    decision = table.decide(application(on_sick_leave=True))
    assert (decision.outcome, codes(decision)) == ("refer", ["SICK"])


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"dti": math.nan}, "NOT_A_NUMBER", "dti"),
        ({"income": math.inf}, "NOT_A_NUMBER", "income"),
        ({"dti": 3.5}, "OUTSIDE_RANGE", "dti"),
        ({"employment": "astronaut"}, "UNSEEN_VALUE", "employment"),
        ({"score_date": date(2026, 1, 30)}, "STALE_FACT", "score"),
        ({"score_date": None}, "STALE_FACT", "score"),
    ],
)
def test_a_fact_that_cannot_be_relied_on_goes_to_a_person(table, changes, code, field):
    decision = table.decide(application(**changes))
    assert decision.outcome == "refer"
    assert [(each.code, each.feature) for each in decision.reasons] == [(code, field)]
    assert (decision.grade, decision.trace.pd, decision.offers) == (None, None, ())


def test_a_fact_is_fresh_on_its_last_day(table):
    assert table.decide(application(score_date=date(2026, 1, 31))).outcome == "approve"


def test_a_missing_score_is_scored_as_the_card_says(table):
    decision = table.decide(application(score=None, score_date=None))
    assert decision.trace.points == 500 - 20 + 20


def test_where_the_card_refuses_a_person_decides(table):
    decision = table.decide(application(employment=None))
    assert (decision.outcome, codes(decision)) == ("refer", ["NO_SCORE"])


def test_a_code_for_missing_is_missing(table):
    assert table.decide(application(dti=-1.0)).trace.points == 500 + 180 - 10


def test_the_day_of_the_decision_can_be_given(table):
    assert table.decide(application(), at=date(2026, 9, 1)).reasons[0].code == "STALE_FACT"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"incme": 3000.0}, "incme"),
        ({"income": None}, "income"),
        ({"income": "much"}, "income"),
        ({"term": 36.5}, "term"),
        ({"on_sick_leave": "maybe"}, "on_sick_leave"),
        ({"score_date": "02/20/2026"}, "score_date"),
        ({"checks": {"income": "perhaps"}}, "perhaps"),
        ({"checks": {"horoscope": "passed"}}, "horoscope"),
    ],
)
def test_an_application_of_the_wrong_shape_is_refused_with_the_field_named(table, changes, said):
    with pytest.raises(BadInput) as refused:
        table.decide(application(**changes))
    assert said in str(refused.value)
    assert refused.value.mend


def test_a_check_that_stopped_declines(table):
    decision = table.decide(application(amount=12000.0, checks={"income": "stopped"}))
    assert (decision.outcome, codes(decision), decision.offers) == (
        "decline",
        ["CHECK_STOPPED"],
        (),
    )


def test_of_several_that_stopped_the_same_is_named_in_whatever_order_they_came(table):
    one = application(checks={"income": "stopped", "call": "stopped"})
    other = application(checks={"call": "stopped", "income": "stopped"})
    assert table.decide(one).reasons == table.decide(other).reasons


def test_a_check_that_is_not_in_yet_is_asked_for(table):
    decision = table.decide(application(amount=12000.0, checks={"income": "passed"}))
    assert (decision.outcome, decision.trace.next_check) == ("ask_for_more", "call")
    both = {"income": "passed", "call": "passed"}
    assert table.decide(application(amount=12000.0, checks=both)).outcome == "approve"


def test_the_trace_names_only_facts_the_strategy_uses(table):
    decision = table.decide({**application(), "sex": "female"})
    assert set(decision.trace.used) == set(SAFE) - {"application_id", "applied_on"}


def test_a_rule_that_divides_by_zero_does_not_hold(table):
    assert table.decide(application(income=0.0)).trace.features["burden"] is None


def test_prices_add_up_to_the_net_and_the_best_is_chosen(balance):
    decision = balance.decide(application(amount=40000.0, income=9000.0))
    trace = decision.trace
    goal = 1000.0 * trace.measures["good_customers_served"]
    assert trace.net == pytest.approx(goal - sum(trace.prices.values()))
    assert set(trace.prices) == {"loss rate", "profit", "large loans"}
    assert trace.net >= trace.runner_up_net


def test_a_limit_charges_only_where_its_condition_holds(balance):
    assert "large loans" not in balance.decide(application()).trace.prices


def test_the_choice_is_the_best_of_all_treatments_by_brute_force():
    sealed = strategy(choose="balance", tiers=[{"name": "all", "journeys": ["quick", "full"]}])
    decision = sealed.decide(application())
    menu = [each.name for each in sealed.compiled.program.menu]
    nets = {}
    for name in menu[1:]:
        one = strategy(choose="table", table={"rows": [{"give": name}]},
                       tiers=[{"name": "all", "journeys": ["quick", "full"]}])  # fmt: skip
        got = one.decide(application()).trace.measures
        loss = 1.5 * (got["expected_loss"] - 0.05 * got["exposure"])
        nets[name] = 1000 * got["good_customers_served"] - loss + 0.2 * got["profit"]
    best = max(nets, key=lambda name: nets[name])
    assert decision.trace.treatment == best
    assert decision.trace.net == pytest.approx(nets[best], rel=1e-12)


def test_decline_is_chosen_where_every_treatment_costs_more_than_it_brings(balance):
    decision = balance.decide(application(score=510.0, dti=0.45, amount=14000.0, income=2500.0))
    assert decision.trace.treatment == "decline"
    assert all(decision.trace.measures[name] == 0 for name in MEASURES)


def test_nothing_above_the_machines_authority_is_approved():
    authority = {
        "levels": [{"name": "clerk"}, {"name": "head"}],
        "matrix": [
            {"up_to": 5000, "level": "system"},
            {"up_to": 20000, "level": "clerk"},
            {"level": "head", "joint": 2},
        ],
    }
    sealed = strategy(authority=authority)
    small, middle, large = (
        sealed.decide(application(amount=amount, income=9000.0)) for amount in (5000.0, 9000.0, 4e4)
    )
    assert (small.outcome, small.level) == ("approve", "system")
    assert (middle.outcome, middle.level, codes(middle)) == (
        "refer", "clerk", ["ABOVE_AUTHORITY"],
    )  # fmt: skip
    assert (large.outcome, large.level, large.signatures) == ("refer", "head", 2)


def test_a_decision_is_plain_data_with_the_strategys_digest():
    sealed = strategy()
    plain = sealed.decide(application()).as_dict()
    assert plain["digest"] == sealed.digest
    assert plain["trace"]["model_digest"] == content().model.digest
    assert plain["trace"]["decided_on"] == TODAY.isoformat()
