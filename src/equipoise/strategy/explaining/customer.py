"""What the customer is told: the answer, the offer, what stood in the way, and their rights."""

from __future__ import annotations

from typing import Any

from equipoise.languages import text_in
from equipoise.strategy.codes import words
from equipoise.strategy.content import Content
from equipoise.strategy.decision import APPROVE, ASK_FOR_MORE, REFER, Decision, Reason
from equipoise.strategy.explaining.names import label_of, language_of, need_of
from equipoise.strategy.explaining.phrases import money, percent, phrase


def for_customer(decision: Decision, content: Content, language: str = "") -> dict[str, Any]:
    """The customer's words in one language: `headline`, `offers`, `reasons`, `rights`, `text`.

    Empty is the strategy's first language, and `zh-CN` falls back to `zh`. Raises BadInput for a
    language that the strategy does not speak.

    Where checks are asked for step by step, `asking` says what more is wanted, or that nothing is.
    """
    language = language_of(content, language)
    headline = _headline(decision, content, language)
    offers = [] if decision.outcome == REFER else _offers(decision, content, language)
    reasons = [reason_text(each, content, language) for each in decision.reasons]
    intro = "reasons_refer" if decision.outcome == REFER else "reasons"
    asking = _asking(decision, content, language)
    lines = [headline, *_needs(decision, content, language), *([asking] if asking else []), *offers]
    if reasons:
        lines += [phrase(intro, language), *(f"- {text}" for text in reasons)]
    rights = phrase("right", language) if decision.outcome != APPROVE else ""
    if rights:
        lines.append(rights)
    return {
        "language": language,
        "headline": headline,
        "offers": offers,
        "reasons": reasons,
        "rights": rights,
        "text": "\n".join(lines),
        **({"asking": asking} if asking else {}),
    }


def reason_text(reason: Reason, content: Content, language: str) -> str:
    """A reason in words: the strategy's text, else a sentence about the field's label."""
    label = ""
    for field in content.contract.fields:
        called = text_in(field.label, language)
        if called and field.name in (reason.concept, reason.feature):
            label = phrase("label", language).format(label=called)
            break
    return words(reason.code, language, content.strategy.texts, label)


def _headline(decision: Decision, content: Content, language: str) -> str:
    if decision.outcome == ASK_FOR_MORE:
        lacking = "lacking" in (decision.trace.asking or {})
        named = label_of(content, decision.trace.next_check or "", language)
        return phrase("facts_to_come" if lacking else ASK_FOR_MORE, language).format(check=named)
    if decision.outcome == APPROVE:
        left = [label_of(content, name, language) for name in _checks_left(decision, content)]
        if left:
            listed = phrase("between", language).join(dict.fromkeys(left))
            return phrase("approve_conditional", language).format(checks=listed)
    return phrase(decision.outcome, language)


def _needs(decision: Decision, content: Content, language: str) -> list[str]:
    """What is needed for each check that the headline names."""
    if decision.outcome == ASK_FOR_MORE:
        named = [decision.trace.next_check or ""]
    else:
        named = _checks_left(decision, content) if decision.outcome == APPROVE else []
    needs = {name: need_of(content, name, language) for name in named}
    return [
        phrase("needed", language).format(check=label_of(content, name, language), need=need)
        for name, need in needs.items()
        if need
    ]


def _asking(decision: Decision, content: Content, language: str) -> str:
    """What is asked step by step; nothing where a strategy asks by journeys, or a person will."""
    asking, wanted = decision.trace.asking, decision.trace.next_check
    if asking is None or "lacking" in asking or decision.outcome == REFER:
        return ""
    if wanted is None:
        return phrase("nothing_more", language) if decision.offers else ""
    requests = (content.asking or {}).get("requests", ())
    minutes = {each["name"]: each["minutes"] for each in requests}
    return phrase("asked_only", language).format(minutes=f"{minutes[wanted]:.0f}")


def _checks_left(decision: Decision, content: Content) -> list[str]:
    for journey in content.treatments.journeys:
        if journey.name == decision.journey:
            return [name for name in journey.checks if name not in decision.trace.checks]
    return []


def _offers(decision: Decision, content: Content, language: str) -> list[str]:
    currency = content.contract.currency
    return [
        phrase("offer", language).format(
            amount=money(each.amount, currency),
            months=f"{each.months:g}",
            apr=percent(each.apr),
            instalment=money(each.instalment, currency),
        )
        for each in decision.offers
    ]
