"""Whether what a customer is told stands in the trace: nothing may be said that did not decide."""

from __future__ import annotations

import re
from typing import Any

from equipoise.strategy.content import Content
from equipoise.strategy.decision import Decision
from equipoise.strategy.explaining.customer import reason_text
from equipoise.strategy.explaining.phrases import money, percent, phrase

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


def unsupported(told: dict[str, Any], decision: Decision, content: Content) -> list[str]:
    """What in a customer's explanation the trace does not hold up; empty where all stands.

    Every reason must be one of the decision's, every figure one of its offers', and the headline
    the one of its outcome.
    """
    language = told["language"]
    known = {reason_text(each, content, language) for each in decision.reasons}
    found = [f"reason: {text}" for text in told["reasons"] if text not in known]
    if len(told["reasons"]) != len(decision.reasons):
        found.append(f"reasons told: {len(told['reasons'])} of {len(decision.reasons)}")
    figures = _figures(decision, content.contract.currency)
    for line in told["offers"]:
        found += [f"figure: {each}" for each in _FIGURE.findall(line) if each not in figures]
    names = [decision.outcome, "approve_conditional"]
    if "lacking" in (decision.trace.asking or {}):
        names = ["facts_to_come"]
    openings = tuple(phrase(name, language).split("{")[0] for name in names)
    if not told["headline"].startswith(openings):
        found.append(f"headline: {told['headline']}")
    return found + _asked(told.get("asking", ""), decision, content)


def _asked(said: str, decision: Decision, content: Content) -> list[str]:
    """Figures in what is said of a check that are not its minutes."""
    requests = (content.asking or {}).get("requests", ())
    wanted = decision.trace.next_check
    minutes = [f"{each['minutes']:.0f}" for each in requests if each["name"] == wanted]
    return [f"figure: {each}" for each in _FIGURE.findall(said) if each not in minutes]


def _figures(decision: Decision, currency: str) -> set[str]:
    found: set[str] = set()
    for each in decision.offers:
        texts = (
            money(each.amount, currency),
            money(each.instalment, currency),
            percent(each.apr),
            f"{each.months:g}",
        )
        for text in texts:
            found |= set(_FIGURE.findall(text))
    return found
