"""What others may do with reviews: ask for one, and settle it.

Each is one transaction, alone with the application's chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from equipoise.errors import GateRefused
from equipoise.service.contexts.cases.reading import by_person
from equipoise.service.contexts.cases.services import check_apart
from equipoise.service.contexts.decisions.reading import Found
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.contexts.reviews.clock import answered_by
from equipoise.service.contexts.reviews.events import ReviewAsked, ReviewSettled
from equipoise.service.contexts.reviews.models import Review, ReviewOutcome, ReviewState
from equipoise.service.contexts.reviews.reading import ReviewView, shown
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.strategy.decision import COUNTER_OFFER, DECLINE

__all__ = ["MOST_WORDS", "ReviewOutcome", "ask", "settle"]
MOST_WORDS = 2000  # characters that are kept of what somebody says
_REVIEWED = (DECLINE, COUNTER_OFFER)


def ask(decision: Found, words: str, by: Principal, channel: str) -> ReviewView:
    """A person is to look again at the decision; asked for once more, it is the same review.

    `words` are what its applicant says to it, empty if nothing.
    Raises GateRefused where nothing was declined or offered otherwise, Unreadable where the
    applicant was erased.
    """
    if decision.plain["outcome"] not in _REVIEWED:
        raise GateRefused(
            f"the answer is '{decision.plain['outcome']}': there is nothing to look at again",
            mend="go on with what the decision asks for",
        )
    with transaction.atomic():
        # Whoever holds the chain's head is alone with the chain until the commit.
        subject = subjects.held(decision.row.application)
        known = Review.objects.filter(decision=decision.row.id).first()
        return shown(known or _asked(decision, _sealed(subject, words), by, channel))


def settle(
    review: str, outcome: ReviewOutcome, words: str, by: Principal, over: Reach
) -> ReviewView:
    """A person has looked again, and says why they came to that; `words` are sealed.

    Raises DoesNotExist for one that is not within `over`, OwnDecision where they had decided on the
    application before it was asked for, Away where they are, GateRefused where it is settled
    already, where it is to be overturned and nobody has overridden the decision, and where it is to
    be kept and somebody has.
    """
    row = Review.objects.filter(rows_for(by, over)).get(pk=review)
    with transaction.atomic():
        subject = subjects.held(row.application)
        row.refresh_from_db()
        _check_settling(row, outcome)
        check_apart(row.application, row.asked_at, by)
        row.state, row.outcome = ReviewState.SETTLED, outcome
        row.settled_by, row.settled_at = by.id, clock.now()
        row.save(update_fields=["state", "outcome", "settled_by", "settled_at"])
        event = ReviewSettled(
            review=row.id,
            decision=row.decision,
            outcome=outcome,
            words=_sealed(subject, words),
            by=by.id,
            key=by.key or None,
        )
        record.append(record.event(row.application, event))
    return shown(row)


def _asked(decision: Found, words: Mapping[str, Any] | None, by: Principal, channel: str) -> Review:
    now, of = clock.now(), decision.row
    due = answered_by(lender_day(of.digest, now))
    row = Review.objects.create(
        id=subjects.new_id("review"),
        decision=of.id,
        application=of.application,
        begun_by=of.begun_by,
        branch=of.branch,
        region=of.region,
        asked_at=now,
        due_on=due.day,
    )
    event = ReviewAsked(
        review=row.id,
        decision=of.id,
        words=words,
        channel=channel,
        due_on=None if due.day is None else due.day.isoformat(),
        rule=due.rule,
        by=by.id,
        key=by.key or None,
    )
    record.append(record.event(of.application, event))
    return row


def _sealed(subject: subjects.Subject, words: str) -> Mapping[str, Any] | None:
    kept = words.replace("\x00", "").strip()[:MOST_WORDS]
    return subjects.seal_for(subject, {"words": kept}).body if kept else None


def _check_settling(row: Review, outcome: ReviewOutcome) -> None:
    if row.state == ReviewState.SETTLED:
        raise GateRefused(f"the review is settled: {row.outcome}", mend="read it")
    overridden = by_person(row.decision) is not None
    if outcome == ReviewOutcome.OVERTURNED and not overridden:
        raise GateRefused(
            "nobody has overridden the decision",
            field="outcome",
            mend=f"override it first: POST /v1/decisions/{row.decision}/override",
        )
    if outcome == ReviewOutcome.KEPT and overridden:
        raise GateRefused(
            "the decision was overridden", field="outcome", mend="settle it as overturned"
        )
