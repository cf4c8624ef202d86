"""Whether what a customer is told stands in the trace: nothing may be said that did not decide."""

from __future__ import annotations

import re
from typing import Any

from equipoise.strategy.content import Content
from equipoise.strategy.decision import ASK_FOR_MORE, Decision
from equipoise.strategy.explaining.customer import reason_text
from equipoise.texts.decisions import money, percent, phrase

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


def unsupported(explanation: dict[str, Any], decision: Decision, content: Content) -> list[str]:
    """What in a customer's explanation the trace does not hold up; empty where all stands.

    Every reason must be one of the decision's, every figure one of its offers', the headline the
    one of its outcome, and everything that is still owed must be named: a plain yes says that
    nothing is.
    """
    language = explanation["language"]
    known = {reason_text(each, content, language) for each in decision.reasons}
    unfounded = [f"reason: {text}" for text in explanation["reasons"] if text not in known]
    if len(explanation["reasons"]) != len(decision.reasons):
        unfounded.append(f"reasons told: {len(explanation['reasons'])} of {len(decision.reasons)}")
    figures = _figures(decision, content.contract.currency)
    for line in explanation["offers"]:
        unfounded += [f"figure: {each}" for each in _FIGURE.findall(line) if each not in figures]
    opening = phrase(_opening(decision), language).split("{")[0]
    if not explanation["headline"].startswith(opening):
        unfounded.append(f"headline: {explanation['headline']}")
    if len(explanation["conditions"]) != len(decision.conditions):
        unfounded.append(
            f"conditions told: {len(explanation['conditions'])} of {len(decision.conditions)}"
        )
    labels = [each.label[language] for each in decision.conditions]
    unfounded += [f"not told: {each}" for each in labels if each not in explanation["text"]]
    return unfounded + _asked(explanation.get("asking", ""), labels, decision, content)


def _opening(decision: Decision) -> str:
    """The sentence that the headline must be."""
    if "lacking" in (decision.trace.asking or {}) and decision.outcome == ASK_FOR_MORE:
        return "facts_to_come"
    if decision.conditions and decision.outcome != ASK_FOR_MORE:
        return f"{decision.outcome}_conditional"
    return decision.outcome


def _asked(said: str, labels: list[str], decision: Decision, content: Content) -> list[str]:
    """Figures in what is said of checks that are neither minutes nor in a label."""
    requests = (content.asking or {}).get("requests", ())
    wanted = decision.trace.next_check
    held = {f"{each['minutes']:.0f}" for each in requests if each["name"] == wanted}
    held |= {figure for label in labels for figure in _FIGURE.findall(label)}
    return [f"figure: {each}" for each in _FIGURE.findall(said) if each not in held]


def _figures(decision: Decision, currency: str) -> set[str]:
    figures: set[str] = set()
    for each in decision.offers:
        texts = (
            money(each.amount, currency),
            money(each.instalment, currency),
            percent(each.apr),
            f"{each.months:g}",
        )
        for text in texts:
            figures |= set(_FIGURE.findall(text))
    return figures
