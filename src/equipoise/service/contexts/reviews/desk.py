"""Reviews wait at the desk of those who decide cases: from being asked for until they are
settled."""

from __future__ import annotations

from datetime import date

from equipoise.record.events import Recorded
from equipoise.service.contexts.cases.services import (
    Arrival,
    WorkKind,
    moment_of,
    open_work,
    react_to,
    settle_work,
)
from equipoise.service.contexts.reviews.events import ReviewAsked, ReviewSettled


@react_to(ReviewAsked)
def asked(each: Recorded[ReviewAsked]) -> None:
    """A review waits."""
    event, chain = each.event, each.entry.chain
    open_work(
        Arrival(
            kind=WorkKind.REVIEW,
            about=event.review,
            chain=chain,
            at=moment_of(each),
            application=chain,
            decision=event.decision,
            last_day=None if event.due_on is None else date.fromisoformat(event.due_on),
            rule=event.rule,
        )
    )


@react_to(ReviewSettled)
def settled(each: Recorded[ReviewSettled]) -> None:
    """It does not any more."""
    settle_work(WorkKind.REVIEW, each.event.review, moment_of(each), each.event.outcome)
