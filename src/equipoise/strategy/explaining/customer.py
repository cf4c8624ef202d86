"""What the customer is told: the answer, the offer, what stood in the way, and their rights."""

from __future__ import annotations

from typing import Any

from equipoise.strategy.codes import words
from equipoise.strategy.content import Content
from equipoise.strategy.decision import APPROVE, ASK_FOR_MORE, REFER, Decision, Reason
from equipoise.strategy.explaining.phrases import money, percent, phrase


def for_customer(decision: Decision, content: Content, language: str) -> dict[str, Any]:
    """The customer's words in one language: `headline`, `offers`, `reasons`, `rights`, `text`.

    Where checks are asked for step by step, `asking` says what more is wanted, or that nothing is.
    """
    headline = _headline(decision, content, language)
    offers = [] if decision.outcome == REFER else _offers(decision, content, language)
    reasons = [reason_text(each, content, language) for each in decision.reasons]
    intro = "reasons_refer" if decision.outcome == REFER else "reasons"
    asking = _asking(decision, content, language)
    lines = [headline, *([asking] if asking else []), *offers]
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
        if field.name in (reason.concept, reason.feature) and language in field.label:
            label = phrase("label", language).format(label=field.label[language])
            break
    return words(reason.code, language, content.strategy.texts, label)


def _headline(decision: Decision, content: Content, language: str) -> str:
    if decision.outcome == ASK_FOR_MORE:
        if "lacking" in (decision.trace.asking or {}):
            return phrase("facts_to_come", language).format(check=_named(decision.trace.next_check))
        return phrase(ASK_FOR_MORE, language).format(check=_named(decision.trace.next_check))
    if decision.outcome == APPROVE:
        left = _checks_left(decision, content)
        if left:
            listed = ", ".join(map(_named, left))
            return phrase("approve_conditional", language).format(checks=listed)
    return phrase(decision.outcome, language)


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


def _named(check: str | None) -> str:
    return (check or "").replace("_", " ")
