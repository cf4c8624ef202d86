"""Past cases like one: of the same strategy and grade, the nearest by the model's own figure, and
what came of them. Of others nothing is told but answers and outcomes, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.opening import opened_for_us
from equipoise.service.contexts.decisions.recorded import Found
from equipoise.service.platform.record import services as record

LOOKED_AT = 300
"""Decisions of the strategy that are looked through at most, the newest first."""
NEAREST = 50
FEW = 10
"""Fewer are told as counts alone, and said to be few."""


@dataclass(frozen=True, slots=True)
class Similar:
    """How many past cases are alike (`n`), out of how many that were looked through; how they were
    answered, and what came of them, by the last outcome that was recorded (`open`: none yet).
    `apart` is how far the furthest of them lies, in log-odds of default."""

    n: int
    looked_at: int
    answers: Mapping[str, int]
    became: Mapping[str, int]
    apart: float | None

    @property
    def few(self) -> bool:
        return self.n < FEW


def similar(found: Found) -> Similar:
    """The cases nearest to a decision that was opened, by the log-odds of the model's PD."""
    own = _log_odds(found.facts or {})
    rows = Decision.objects.filter(digest=found.row.digest).exclude(
        application=found.row.application
    )
    newest = list(rows.order_by("-id").values_list("id", "application")[:LOOKED_AT])
    wanted = {decision for decision, _ in newest}
    chains = sorted({chain for _, chain in newest})
    alike: dict[str, tuple[float, str]] = {}
    for each in record.in_chains(chains, DecisionMade):
        event = each.event
        if event.decision not in wanted or event.made["grade"] != found.plain["grade"]:
            continue
        apart = _apart(own, event.facts)
        if apart is not None:  # the last decision of an application stands for it
            alike[each.entry.chain] = (apart, event.made["outcome"])
    near = sorted(alike.items(), key=lambda item: (item[1][0], item[0]))[:NEAREST]
    became = _became([chain for chain, _ in near])
    return Similar(
        len(near),
        len(newest),
        Counter(outcome for _, (_, outcome) in near),
        Counter(became.get(chain, "open") for chain, _ in near),
        max((apart for _, (apart, _) in near), default=None),
    )


def _became(chains: Sequence[str]) -> dict[str, str]:
    """The last outcome in each chain that has one."""
    told = record.in_chains(chains, OutcomeRecorded) if chains else ()
    return {each.entry.chain: each.event.outcome for each in told}


def _apart(own: float | None, sealed: Mapping[str, Any]) -> float | None:
    try:
        theirs = _log_odds(opened_for_us(sealed))
    except Unreadable:  # whoever was erased is nobody's like
        return None
    return None if own is None or theirs is None else abs(theirs - own)


def _log_odds(facts: Mapping[str, Any]) -> float | None:
    pd = facts.get("trace", {}).get("pd")
    return None if pd is None or not 0 < pd < 1 else log(pd / (1 - pd))
