"""Scheduled work about what applicants are asked."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.record.events import Recorded
from equipoise.service.contexts.asks import services
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.record import subscriptions
from equipoise.service.platform.record.subscriptions import Subscription

_GONE = ("withdrawn", "lapsed")


@every(minutes=1)
@job(attempts=1)
def end_asks() -> int:
    """End what was overtaken by a decision, and what nobody answered by its day; how many asks were
    not answered in time."""
    subscriptions.forward([_OVERTAKEN])
    return services.lapse()


def _look(events: Sequence[Recorded[DecisionMade | OutcomeRecorded]]) -> None:
    for each in events:
        event = each.event
        if isinstance(event, DecisionMade):
            services.overtake(each.entry.chain, event.decision)
        elif event.outcome in _GONE:
            services.overtake(each.entry.chain, "")


_OVERTAKEN = Subscription("asks.overtaken", (DecisionMade, OutcomeRecorded), _look)
