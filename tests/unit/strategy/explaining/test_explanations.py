"""What is told stands in the trace, in every language, to each who asks."""

from __future__ import annotations

import pytest
from applications import applications
from corner_lender import application, strategy
from hypothesis import given, settings

from equipoise.strategy.explaining import (
    for_auditor,
    for_customer,
    for_underwriter,
    unsupported,
)

LANGUAGES = ("en", "zh")
TEXTS = {
    code: {"en": f"{code} in words", "zh": f"{code} 的说明"}
    for code in ("DEBTS", "SICK", "STRAINED")
}
SEALED = {
    way: strategy(choose=way, languages=LANGUAGES, texts=TEXTS)
    for way in ("table", "cutoff", "balance")
}


@pytest.mark.parametrize("way", SEALED)
@settings(max_examples=60)
@given(record=applications())
def test_everything_told_to_a_customer_is_held_up_by_the_trace(way, record):
    sealed = SEALED[way]
    decision = sealed.decide(record)
    for language in LANGUAGES:
        words = for_customer(decision, sealed.content, language)
        assert unsupported(words, decision, sealed.content) == []
        assert words["text"].strip()


def test_what_the_trace_does_not_hold_up_is_found():
    sealed = SEALED["table"]
    decision = sealed.decide(application())
    words = for_customer(decision, sealed.content, "en")
    assert unsupported({**words, "offers": ["9,999.00 EUR"]}, decision, sealed.content)
    assert unsupported({**words, "reasons": ["You are too tall."]}, decision, sealed.content)
    assert unsupported({**words, "headline": "You won."}, decision, sealed.content)


def test_a_decline_gives_its_reasons_and_the_right_to_ask_again():
    sealed = SEALED["table"]
    decision = sealed.decide(application(dti=0.9, score=520.0))
    words = for_customer(decision, sealed.content, "en")
    assert words["reasons"] == ["DEBTS in words", "STRAINED in words"]
    assert words["rights"]
    assert words["offers"] == []


def test_a_referral_makes_no_offer():
    sealed = SEALED["table"]
    decision = sealed.decide(application(on_sick_leave=True))
    assert for_customer(decision, sealed.content, "zh")["offers"] == []


def test_an_approval_names_amount_rate_and_instalment():
    sealed = SEALED["table"]
    decision = sealed.decide(application())
    (line,) = for_customer(decision, sealed.content, "en")["offers"]
    assert "8,000" in line
    assert "9" in line
    assert "254.40" in line


def test_an_underwriter_reads_which_rule_fired_and_what_the_model_saw():
    sealed = SEALED["table"]
    text = "\n".join(for_underwriter(sealed.decide(application(dti=0.9)), sealed.content))
    assert "debts" in text
    assert "0.9" in text


@settings(max_examples=40)
@given(record=applications())
def test_an_auditor_can_follow_every_decision_from_seal_to_answer(record):
    sealed = SEALED["balance"]
    decision = sealed.decide(record)
    tree = for_auditor(decision, sealed.content)
    text = "\n".join(tree.lines(0))
    assert sealed.digest[:12] in text
    assert decision.outcome.replace("_", " ") in text.replace("_", " ")
    for reason in decision.reasons:
        assert reason.code in text
