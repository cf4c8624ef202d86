"""What others may do with reviews: ask for one, and settle it.

Each is one transaction, alone with the application's chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.asks import services as asks
from equipoise.service.contexts.cases.reading import by_person, standing_answer
from equipoise.service.contexts.cases.services import (
    REVIEWED,
    Answered,
    check_apart,
    drop,
    reverse,
)
from equipoise.service.contexts.decisions.reading import DecisionView, visible
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

if TYPE_CHECKING:
    from equipoise.strategy.offering import Terms

__all__ = ["MOST_WORDS", "CameTo", "Granted", "ReviewOutcome", "ask", "settle"]
MOST_WORDS = 2000  # characters that are kept of what somebody says


@dataclass(frozen=True, slots=True)
class Granted:
    """What a review grants in place of a person's answer: the terms of a yes, and where they are
    other than those asked for, by which reasons."""

    terms: Terms
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CameTo:
    """What a person came to who looked again, and why in their own words, which are sealed."""

    outcome: ReviewOutcome
    words: str
    granted: Granted | None = None


def ask(decision: DecisionView, words: str, by: Principal, channel: str) -> ReviewView:
    """A person is to look again at the answer that stands; asked for once more, it is the same
    review.

    `words` are what its applicant says to it, empty if nothing.
    Raises GateRefused where nothing was declined or offered otherwise, by the strategy or by a
    person; Unreadable where the applicant was erased.
    """
    with transaction.atomic():
        # Whoever holds the chain's head is alone with the chain until the commit.
        subject = subjects.held(decision.row.application)
        known = Review.objects.filter(decision=decision.row.id).first()
        if known is None:
            _check_asking(decision)
            known = _asked(decision, _sealed(subject, words), by, channel)
        return shown(known)


def settle(review: str, came: CameTo, by: Principal, over: Reach) -> ReviewView:
    """A person has looked again, and says what they came to.

    What a person had answered is overturned by what is `granted`, which takes its place: where that
    needs another signature, the review is not settled before it is there. What the strategy had
    answered is overridden first.

    Raises DoesNotExist for one that is not within `over`, OwnDecision where they had decided on the
    application before it was asked for, Away where they are, SelfDealing and ConflictOfInterest as
    for who decides, GateRefused where it is settled already, where it is to be overturned and
    nobody has overridden the decision, and where it is to be kept and somebody has; and as
    `cases.services.reverse`.
    """
    row = Review.objects.filter(rows_for(by, over)).get(pk=review)
    with transaction.atomic():
        subject = subjects.held(row.application)
        row.refresh_from_db()
        _check_open(row)
        check_apart(row.application, row.asked_at, by)
        if not _done(row, came, by, over):
            return shown(row)
        row.state, row.outcome = ReviewState.SETTLED, came.outcome
        row.settled_by, row.settled_at = by.id, clock.now()
        row.save(update_fields=["state", "outcome", "settled_by", "settled_at"])
        event = ReviewSettled(
            review=row.id,
            decision=row.decision,
            outcome=came.outcome,
            words=_sealed(subject, came.words),
            by=by.id,
            key=by.key or None,
        )
        record.append(record.event(row.application, event))
        asks.close_decided(row.application)
    return shown(row)


def _check_asking(decision: DecisionView) -> None:
    answer = standing_answer(decision, by_person(decision.row.id))
    if answer not in REVIEWED:
        raise GateRefused(
            f"the answer is '{answer}': there is nothing to look at again",
            mend="go on with what the decision asks for",
        )


def _asked(
    decision: DecisionView, words: Mapping[str, Any] | None, by: Principal, channel: str
) -> Review:
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


def _check_open(row: Review) -> None:
    if row.state == ReviewState.SETTLED:
        raise GateRefused(f"the review is settled: {row.outcome}", mend="read it")


def _done(row: Review, came: CameTo, by: Principal, over: Reach) -> bool:
    """Whether that settles it; else another signature is waited for."""
    stands = by_person(row.decision)
    if stands is None or stands.at >= row.asked_at:
        _refuse_terms(came)
        _check_overridden(row, came.outcome, overridden=stands is not None)
        return True
    if came.outcome == ReviewOutcome.KEPT:
        _refuse_terms(came)
        drop(row.decision, came.words, by)
        return True
    if came.granted is None:
        raise BadInput(
            "a person had answered: what takes the place of that has terms",
            field="terms",
            mend="name amount, months and apr",
        )
    answer = Answered("approve", came.words, came.granted.terms, came.granted.reasons)
    return reverse(visible(row.decision, by, over), answer, by)


def _refuse_terms(came: CameTo) -> None:
    if came.granted is not None:
        raise BadInput(
            "terms come with a yes in place of a person's answer",
            field="terms",
            mend="leave them out",
        )


def _check_overridden(row: Review, outcome: ReviewOutcome, *, overridden: bool) -> None:
    """The strategy's answer is kept where nobody overrode it, and changed where somebody did."""
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
