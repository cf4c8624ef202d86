"""Exploring near ties: who is, who never is, what it costs, and what the trace says."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from corner_lender import CONTRACT, STRATEGY, application, strategy

from equipoise.contract import Contract
from equipoise.documents import Loaded
from equipoise.strategy.checks.check import _explore
from equipoise.strategy.decision import Decision
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.engine import Strategy
from equipoise.strategy.exploring import draw

EXPLORE = {"experiment": "near_ties", "share": 0.4, "within": 150.0}
PEOPLE = [f"p{at}" for at in range(300)]
# the best by 107 of money, so that the next best is near
TIED = {"amount": 8000.0, "score": 780.0}


@pytest.fixture(scope="module")
def plain() -> Strategy:
    return strategy(choose="balance")


@pytest.fixture(scope="module")
def exploring() -> Strategy:
    return strategy(choose="balance", explore=EXPLORE)


def decided(who: Strategy, person: str | None, **changes: object) -> Decision:
    return who.decide(application(application_id=person, **{**TIED, **changes}))


def test_the_share_is_given_the_runner_up_and_the_rest_the_best(plain, exploring):
    best = decided(plain, "anybody").trace
    assert 0 < best.net - best.runner_up_net < EXPLORE["within"]
    for person in PEOPLE:
        trace = decided(exploring, person).trace
        fallen = draw("near_ties", person) < EXPLORE["share"]
        assert trace.explored == fallen
        assert trace.propensity == (0.4 if fallen else 0.6)
        assert trace.treatment == (best.runner_up if fallen else best.treatment)


def test_an_explored_decision_is_that_of_the_runner_up_in_every_part(plain, exploring):
    best = decided(plain, "anybody").trace
    person = next(p for p in PEOPLE if draw("near_ties", p) < EXPLORE["share"])
    decision = decided(exploring, person)
    assert decision.offers[0].treatment == best.runner_up
    assert (decision.trace.net, decision.trace.runner_up_net) == (best.runner_up_net, best.net)
    assert decision.trace.runner_up == best.treatment
    only = [each.name for each in plain.compiled.program.menu if each.name == best.runner_up]
    alone = strategy(choose="balance", treatments=only).decide(application(**TIED))
    assert decision.offers == alone.offers
    assert dict(decision.trace.measures) == dict(alone.trace.measures)


@pytest.mark.parametrize(
    "changes",
    [
        {"on_sick_leave": True},  # referred by a rule
        {"dti": 0.9},  # declined by a rule
        {"dti": math.nan},  # a doubtful fact
    ],
)
def test_whom_a_rule_or_a_doubt_decides_is_not_explored(plain, exploring, changes):
    for person in PEOPLE[:40]:
        decision = decided(exploring, person, **changes)
        assert (decision.trace.propensity, decision.trace.explored) == (1.0, False)
        assert decision.outcome == decided(plain, person, **changes).outcome


def test_whoever_has_no_id_is_served_the_best_for_certain(plain, exploring):
    trace = decided(exploring, None).trace
    assert (trace.treatment, trace.propensity) == (decided(plain, None).trace.treatment, 1.0)


def test_what_a_person_must_sign_is_not_explored():
    authority = {
        "levels": [{"name": "clerk"}],
        "matrix": [{"up_to": 5000, "level": "system"}, {"level": "clerk"}],
    }
    who = strategy(choose="balance", explore=EXPLORE, authority=authority)
    assert {decided(who, p).trace.propensity for p in PEOPLE[:40]} == {1.0}
    small = {decided(who, p, amount=4000.0).trace.propensity for p in PEOPLE[:40]}
    assert small == {0.4, 0.6}


def test_a_runner_up_in_a_persons_hands_is_not_explored(plain):
    best = decided(plain, "anybody").trace
    journey = best.runner_up.split("_")[0]
    who = strategy(choose="balance", explore=EXPLORE, person=[journey])
    assert {decided(who, p).trace.propensity for p in PEOPLE[:40]} == {1.0}


def test_a_loan_is_never_explored_as_a_decline():
    wide = {**EXPLORE, "within": 1e9}
    only = ["quick_base_all"]
    who = strategy(choose="balance", explore=wide, treatments=only)
    decisions = [decided(who, p) for p in PEOPLE[:40]]
    assert decisions[0].trace.runner_up == "decline"
    assert {each.trace.propensity for each in decisions} == {1.0}
    assert {each.outcome for each in decisions} == {"approve"}


def test_a_near_decline_is_explored_as_a_loan_that_costs_no_more_than_allowed():
    risky = {"amount": 15001.0, "score": 610.0, "dti": 0.45}
    only = ["full_up_less"]
    base = strategy(choose="balance", treatments=only)
    trace = decided(base, "anybody", **risky).trace
    assert trace.treatment == "decline"
    loss = -trace.runner_up_net
    near, far = (
        strategy(choose="balance", treatments=only, explore={**EXPLORE, "within": each})
        for each in (loss * 1.01, loss * 0.99)
    )
    explored = [decided(near, p, **risky) for p in PEOPLE]
    assert {each.outcome for each in explored if each.trace.explored} == {"counter_offer"}
    assert {each.trace.net for each in explored} == {0.0, -loss}
    assert {decided(far, p, **risky).outcome for p in PEOPLE} == {"decline"}


@pytest.mark.parametrize(
    ("way", "identified", "kind", "said"),
    [
        ("balance", True, "string", ""),
        ("balance", True, "integer", ""),
        ("balance", True, "number", "not written alike"),
        ("balance", False, "string", "names none"),
        ("table", True, "string", "no near ties"),
    ],
)
def test_exploring_that_cannot_be_is_a_fault(way, identified, kind, said):
    document = StrategyDocument.model_validate({**STRATEGY, "choose": way, "explore": EXPLORE})
    first, *others = CONTRACT["fields"]
    contract = Contract.model_validate(
        {
            **CONTRACT,
            "fields": [{**first, "type": kind}, *others],
            "id": "application_id" if identified else None,
        }
    )
    faults = [
        each.message for each in _explore(Loaded(document, Path("strategy.yaml"), {}), contract)
    ]
    assert [said in each for each in faults] == ([True] if said else [])
