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
    found = balance.decide(application())
    assert told(found) == ("approve", None)
    assert found.journey == "quick"
    assert all(each["net"] < 0 for each in found.trace.asking["considered"])


def test_asked_again_with_each_result_the_answer_comes(balance: Strategy) -> None:
    checks: dict[str, str] = {}
    for wanted in ("income", "bank"):
        found = balance.decide({**application(**RISKY), "checks": checks})
        assert told(found) == ("ask_for_more", wanted)
        assert found.offers  # what it is asked for
        checks[wanted] = "passed"
    found = balance.decide({**application(**RISKY), "checks": checks})
    assert found.outcome in ("approve", "counter_offer")
    assert found.trace.next_check is None
    assert found.journey == "full"
    assert found.trace.asking["may_decide"]


def test_whether_checks_are_named_or_none_are_in_is_the_same(balance: Strategy) -> None:
    plain = balance.decide(application(**RISKY)).as_dict()
    assert balance.decide({**application(**RISKY), "checks": {}}).as_dict() == plain
    assert balance.decide(application(**RISKY)).as_dict() == plain


@pytest.mark.parametrize("check", ["income", "bank", "call", "visit"])
def test_a_stop_declines_whichever_check_it_was(balance: Strategy, check: str) -> None:
    found = balance.decide({**application(), "checks": {check: "stopped"}})
    assert told(found) == ("decline", None)
    assert [(each.code, each.feature) for each in found.reasons] == [("CHECK_STOPPED", check)]
    assert found.offers == ()


def test_a_rule_decides_before_any_check(balance: Strategy) -> None:
    found = balance.decide({**application(dti=0.7), "checks": {"income": "passed"}})
    assert (found.outcome, found.trace.asking) == ("decline", None)


def test_facts_of_a_later_step_may_still_be_missing(balance: Strategy) -> None:
    known = application(**RISKY)
    without = {name: value for name, value in known.items() if name not in ("dti", "income")}
    found = balance.decide(without)
    assert told(found) == ("ask_for_more", "form")  # the first step that asks for one of them
    assert found.trace.asking == {"lacking": ["income", "dti"]}
    assert (found.grade, found.trace.pd, found.offers) == (None, None, ())
    found = balance.decide({**without, "income": known["income"]})
    assert told(found) == ("ask_for_more", "papers")
    assert balance.decide(known).trace.asking["considered"]


def test_a_fact_that_nobody_knows_is_no_fact_to_come(balance: Strategy) -> None:
    found = balance.decide({**application(), "dti": None})
    assert found.trace.asking is not None
    assert "lacking" not in found.trace.asking
    assert balance.decide({**application(), "income": None}).outcome == "refer"


def test_a_fact_that_a_check_brings_is_not_waited_for(balance: Strategy) -> None:
    found = balance.decide(
        {n: v for n, v in application().items() if n not in ("score", "score_date")}
    )
    assert found.trace.pd is not None


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
    found = stepping.decide(application(amount=20000.0))
    (offer,) = found.offers
    assert offer.treatment.endswith("_base_all")
    # the tier opens `quick` too, and for so safe an applicant no check pays
    assert (found.outcome, found.journey) == ("approve", "quick")


def test_a_table_sends_to_a_person_as_it_says() -> None:
    # 640 points are a PD of 0.15: the table's row of the middle tier that gives a person's journey
    found = step_strategy(choose="table").decide(application(dti=0.55))
    assert (found.outcome, found.journey, found.trace.next_check) == ("refer", "person", None)


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
