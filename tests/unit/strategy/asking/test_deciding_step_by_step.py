"""One application asked again as results and facts arrive."""

from __future__ import annotations

from typing import Any

import pytest
from corner_lender import application, strategy
from step_lender import step_strategy

from equipoise.errors import BadInput
from equipoise.strategy.decision import Decision
from equipoise.strategy.engine import Strategy
from equipoise.strategy.explaining import (
    for_auditor,
    for_customer,
    for_underwriter,
    unsupported,
)

RISKY: dict[str, Any] = {"score": 650.0}  # 600 points, a PD of 0.25; `full` is the tier's journey


@pytest.fixture(scope="module")
def balance() -> Strategy:
    return step_strategy(choose="balance", languages=("en", "zh"))


def told(decision: Decision) -> tuple[Any, ...]:
    return (decision.outcome, decision.trace.next_check)


def test_the_safe_are_decided_at_once(balance: Strategy) -> None:
    decision = balance.decide(application())
    assert told(decision) == ("approve", None)
    assert decision.journey == "quick"
    assert all(each["net"] < 0 for each in decision.trace.asking["considered"])


def test_asked_again_with_each_result_the_answer_comes(balance: Strategy) -> None:
    checks: dict[str, str] = {}
    for wanted in ("income", "bank"):
        decision = balance.decide({**application(**RISKY), "checks": checks})
        assert told(decision) == ("ask_for_more", wanted)
        assert decision.offers  # what it is asked for
        checks[wanted] = "passed"
    decision = balance.decide({**application(**RISKY), "checks": checks})
    assert decision.outcome in ("approve", "counter_offer")
    assert decision.trace.next_check is None
    assert decision.journey == "full"
    assert decision.trace.asking["may_decide"]


def test_whether_checks_are_named_or_none_are_in_is_the_same(balance: Strategy) -> None:
    plain = balance.decide(application(**RISKY)).as_dict()
    assert balance.decide({**application(**RISKY), "checks": {}}).as_dict() == plain
    assert balance.decide(application(**RISKY)).as_dict() == plain


@pytest.mark.parametrize("check", ["income", "bank", "call", "visit"])
def test_a_stop_declines_whichever_check_it_was(balance: Strategy, check: str) -> None:
    decision = balance.decide({**application(), "checks": {check: "stopped"}})
    assert told(decision) == ("decline", None)
    assert [(each.code, each.feature) for each in decision.reasons] == [("CHECK_STOPPED", check)]
    assert decision.offers == ()


def test_a_rule_decides_before_any_check(balance: Strategy) -> None:
    decision = balance.decide({**application(dti=0.7), "checks": {"income": "passed"}})
    assert (decision.outcome, decision.trace.asking) == ("decline", None)


def test_facts_of_a_later_step_may_still_be_missing(balance: Strategy) -> None:
    known = application(**RISKY)
    without = {name: value for name, value in known.items() if name not in ("dti", "income")}
    decision = balance.decide(without)
    assert told(decision) == ("ask_for_more", "form")  # the first step that asks for one of them
    assert decision.trace.asking == {"lacking": ["income", "dti"]}
    assert (decision.grade, decision.trace.pd, decision.offers) == (None, None, ())
    decision = balance.decide({**without, "income": known["income"]})
    assert told(decision) == ("ask_for_more", "papers")
    assert balance.decide(known).trace.asking["considered"]


def test_a_fact_that_nobody_knows_is_no_fact_to_come(balance: Strategy) -> None:
    decision = balance.decide({**application(), "dti": None})
    assert decision.trace.asking is not None
    assert "lacking" not in decision.trace.asking
    assert balance.decide({**application(), "income": None}).outcome == "refer"


def test_a_fact_that_a_check_brings_is_not_waited_for(balance: Strategy) -> None:
    decision = balance.decide(
        {n: v for n, v in application().items() if n not in ("score", "score_date")}
    )
    assert decision.trace.pd is not None


def test_whoever_was_stopped_is_not_asked_for_the_rest(balance: Strategy) -> None:
    short = {n: v for n, v in application().items() if n != "dti"}
    assert told(balance.decide({**short, "checks": {"income": "stopped"}})) == ("decline", None)


def test_what_is_asked_at_once_elsewhere_is_refused_where_it_is_missing() -> None:
    short = {n: v for n, v in application().items() if n != "income"}
    with pytest.raises(BadInput, match="'income' is missing"):
        strategy(choose="balance").decide(short)


@pytest.mark.parametrize("way", ["table", "cutoff"])
def test_a_table_gives_the_terms_and_a_plan_the_checks(way: str) -> None:
    stepping = step_strategy(choose=way)
    decision = stepping.decide(application(amount=20000.0))
    (offer,) = decision.offers
    assert offer.treatment.endswith("_base_all")
    # the tier opens `quick` too, and for so safe an applicant no check pays
    assert (decision.outcome, decision.journey) == ("approve", "quick")


def test_a_table_sends_to_a_person_as_it_says() -> None:
    # 640 points are a PD of 0.15: the table's row of the middle tier that gives a person's journey
    decision = step_strategy(choose="table").decide(application(dti=0.55))
    assert (decision.outcome, decision.journey, decision.trace.next_check) == (
        "refer",
        "person",
        None,
    )


def test_a_strategy_without_the_word_says_nothing_of_asking() -> None:
    plain = strategy(choose="balance")
    trace = plain.decide({**application(), "checks": {}}).as_dict()["trace"]
    assert trace["asking"] is None
    assert plain.content.asking is None


@pytest.mark.parametrize(
    "given",
    [
        application(),
        application(**RISKY),
        {**application(**RISKY), "checks": {"income": "passed"}},
        {**application(), "checks": {"call": "stopped"}},
        {n: v for n, v in application().items() if n != "dti"},
    ],
    ids=["safe", "risky", "again", "stopped", "facts"],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_explanation_tells_it_and_stands_in_the_trace(
    balance: Strategy, given: dict[str, Any], language: str
) -> None:
    decision, content = balance.decide(given), balance.content
    customer = for_customer(decision, content, language)
    assert unsupported(customer, decision, content) == []
    assert customer.get("asking", "") in customer["text"]
    asking = decision.trace.asking or {}
    underwriter = "\n".join(for_underwriter(decision, content))
    auditor = "\n".join(for_auditor(decision, content).lines())
    for each in asking.get("considered", []):
        assert f"check {each['check']}" in underwriter
        assert str(each["value"]) in auditor
        assert str(each["cost"]) in auditor
    for name in asking.get("lacking", []):
        assert name in underwriter
        assert name in auditor


def test_a_figure_that_is_no_check_s_minutes_is_not_let_through(balance: Strategy) -> None:
    decision = balance.decide(application(**RISKY))
    customer = for_customer(decision, balance.content, "en")
    assert "6 minutes" in customer["asking"]
    altered = {**customer, "asking": customer["asking"].replace("6 minutes", "2 minutes")}
    assert unsupported(altered, decision, balance.content) == ["figure: 2"]
