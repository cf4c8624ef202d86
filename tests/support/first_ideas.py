"""Whether an answer is one of those that a first idea showed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from equipoise.strategy import Strategy
from equipoise.strategy.estimating import LIKELY, UNLIKELY, Estimate

DAY = date(2026, 1, 5)


def inside(shown: Estimate, strategy: Strategy, row: Mapping[str, Any]) -> bool:
    """Whether the answer to the whole application is one of those that were shown."""
    answer = strategy.decide(row, at=DAY)
    if answer.outcome not in ("approve", "counter_offer"):
        return shown.verdict != LIKELY
    offer = answer.offers[0]
    if shown.verdict == UNLIKELY or None in (shown.amount, shown.apr, shown.instalment):
        return False
    pairs = ((offer.amount, shown.amount), (offer.months, shown.months), (offer.apr, shown.apr),
             (offer.instalment, shown.instalment))  # fmt: skip
    return all(ends and ends[0] - 1e-9 <= each <= ends[1] + 1e-9 for each, ends in pairs)
