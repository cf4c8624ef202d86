"""What the customer is told: the answer, the offer, what stood in the way, and their rights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from equipoise.strategy.content import Content
from equipoise.strategy.decision import (
    APPROVE,
    ASK_FOR_MORE,
    REFER,
    Condition,
    Decision,
    Reason,
)
from equipoise.strategy.explaining.names import label_of, language_of, need_of
from equipoise.texts.codes import words
from equipoise.texts.decisions import money, percent, phrase
from equipoise.texts.languages import text_in


def for_customer(decision: Decision, content: Content, language: str = "") -> dict[str, Any]:
    """The customer's words in one language: `headline`, `conditions`, `offers`, `reasons`,
    `rights`, `text`.

    What is still owed stands in the headline of an offer, and under `conditions` with what is
    needed for it: never a plain yes. Empty is the strategy's first language, and `zh-CN` falls
    back to `zh`. Raises BadInput for a language that the strategy does not speak.

    Where more is asked for, `asking` says what is wanted now and what is expected to follow; where
    checks are asked for step by step, also that nothing is.
    """
    language = language_of(content, language)
    headline = _headline(decision, content, language)
    offers = [] if decision.outcome == REFER else _offers(decision, content, language)
    reasons = [reason_text(each, content, language) for each in decision.reasons]
    intro = "reasons_refer" if decision.outcome == REFER else "reasons"
    asking = _asking(decision, content, language)
    conditions = [_condition(each, language) for each in decision.conditions]
    lines = [headline, *_needs(decision, content, language), *asking, *offers]
    if reasons:
        lines += [phrase(intro, language), *(f"- {text}" for text in reasons)]
    rights = phrase("right", language) if decision.outcome != APPROVE else ""
    if rights:
        lines.append(rights)
    return {
        "language": language,
        "headline": headline,
        "conditions": conditions,
        "offers": offers,
        "reasons": reasons,
        "rights": rights,
        "text": "\n".join(lines),
        **({"asking": "\n".join(asking)} if asking else {}),
    }


def reason_text(reason: Reason, content: Content, language: str) -> str:
    """A reason in words: the strategy's text, else a sentence about the field's label."""
    label = ""
    for field in content.contract.fields:
        called = text_in(field.label, language)
        if called and field.name in (reason.concept, reason.feature):
            label = phrase("label", language, label=called)
            break
    return words(reason.code, language, content.strategy.texts, label)


def _headline(decision: Decision, content: Content, language: str) -> str:
    if decision.outcome == ASK_FOR_MORE:
        lacking = "lacking" in (decision.trace.asking or {})
        named = label_of(content, decision.trace.next_check or "", language)
        return phrase("facts_to_come" if lacking else ASK_FOR_MORE, language, check=named)
    if decision.conditions:
        checks = _listed(decision.conditions, language)
        return phrase(f"{decision.outcome}_conditional", language, checks=checks)
    return phrase(decision.outcome, language)


def _listed(conditions: Sequence[Condition], language: str) -> str:
    labels = dict.fromkeys(each.label[language] for each in conditions)
    return phrase("between", language).join(labels)


def _condition(condition: Condition, language: str) -> str:
    """What is owed by its label, with what is needed for it where that is written."""
    label, need = condition.label[language], condition.need.get(language)
    return phrase("needed", language, check=label, need=need) if need else label


def _needs(decision: Decision, content: Content, language: str) -> list[str]:
    """What is needed for all that the headline names."""
    if decision.outcome != ASK_FOR_MORE:
        return [_condition(each, language) for each in decision.conditions if each.need]
    wanted = decision.trace.next_check or ""
    label, need = label_of(content, wanted, language), need_of(content, wanted, language)
    return [phrase("needed", language, check=label, need=need)] if need else []


def _asking(decision: Decision, content: Content, language: str) -> list[str]:
    """What is asked step by step, and what is expected to follow; nothing of a person's work."""
    asking, wanted = decision.trace.asking, decision.trace.next_check
    later = [each for each in decision.conditions if each.name != wanted]
    lines: list[str] = []
    if decision.outcome == ASK_FOR_MORE and later:
        lines = [phrase("to_follow", language, checks=_listed(later, language))]
    if asking is None or "lacking" in asking or decision.outcome == REFER:
        return lines
    if wanted is None:
        return [phrase("nothing_more", language)] if decision.offers else []
    requests = (content.asking or {}).get("requests", ())
    minutes = {each["name"]: each["minutes"] for each in requests}
    return [phrase("asked_only", language, minutes=f"{minutes[wanted]:.0f}"), *lines]


def _offers(decision: Decision, content: Content, language: str) -> list[str]:
    currency = content.contract.currency
    return [
        phrase(
            "offer",
            language,
            amount=money(each.amount, currency),
            months=f"{each.months:g}",
            apr=percent(each.apr, language),
            instalment=money(each.instalment, currency),
        )
        for each in decision.offers
    ]
