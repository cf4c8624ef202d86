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
    opening = phrase(decision.outcome, language).split("{")[0]
    conditional = phrase("approve_conditional", language).split("{")[0]
    if not told["headline"].startswith((opening, conditional)):
        found.append(f"headline: {told['headline']}")
    return found


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
