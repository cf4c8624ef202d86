"""When the answer arrives, as whoever waits for it reads it: from the waits of those before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from equipoise.journey import arrival_sentence
from equipoise.record.events import Recorded
from equipoise.service.contexts.arrivals.reading import REVIEW, arrival, stage_after, within
from equipoise.service.contexts.cases.events import CaseDecided
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.pages.applicant.standing import Standing
from equipoise.texts.saying import spoken


def arriving(where: Standing, events: Sequence[Recorded[Any]]) -> str:
    """In a sentence, how long those at this point wait; empty for who waits for nothing."""
    if where.review and where.review.waits:
        return arrival_sentence(arrival(REVIEW, where.review.asked_at), spoken())
    waits = _waits(where.decision.row.application, events)
    if waits is None:
        return ""
    stage, since = waits
    strategy = where.decision.row.strategy
    return arrival_sentence(arrival(within(stage, strategy), since), spoken())


def _waits(application: str, events: Sequence[Recorded[Any]]) -> tuple[str, datetime] | None:
    """The stage in which the last decision leaves the application, and since when it is in that."""
    waits: dict[str, datetime] = {}
    stage = ""
    for each in events:
        if isinstance(each.event, DecisionMade | CaseDecided) and each.entry.chain == application:
            made = each.event.made if isinstance(each.event, DecisionMade) else None
            stage = "" if made is None else stage_after(made)
            if not stage:
                waits.clear()
            else:
                waits.setdefault(stage, datetime.fromtimestamp(each.entry.at / 1e6, UTC))
    return (stage, waits[stage]) if stage else None
