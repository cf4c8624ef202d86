"""What others may know of reviews: the one of a decision, and those within a reader's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from equipoise.service.contexts.decisions.reading import (
    DecisionView,
    Withheld,
    opened_for,
    opened_for_us,
)
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.contexts.reviews.clock import answered_by
from equipoise.service.contexts.reviews.events import ReviewAsked
from equipoise.service.contexts.reviews.models import Review, ReviewOutcome, ReviewState
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.api.paging import Order, Paging, Part, page_of, read_name
from equipoise.service.platform.record import services as record

__all__ = [
    "ReviewOutcome",
    "ReviewState",
    "ReviewView",
    "answered_by_if_asked",
    "listed",
    "of_decision",
    "said_in",
    "visible",
]
_NEWEST = Order("reviews", ("-id",), (read_name,))


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as it stands; `outcome` is empty until it is settled."""

    id: str
    decision: str
    application: str
    state: ReviewState
    outcome: str
    asked_at: datetime
    due_on: date | None
    settled_by: str
    settled_at: datetime | None

    @property
    def waits(self) -> bool:
        return self.state == ReviewState.ASKED

    @property
    def overturned(self) -> bool:
        return self.outcome == ReviewOutcome.OVERTURNED


def of_decision(decision: str) -> ReviewView | None:
    """The review that was asked for, if it was."""
    row = Review.objects.filter(decision=decision).first()
    return None if row is None else shown(row)


def said_in(application: str) -> list[str]:
    """What its applicant said as they asked for another look, the oldest first: for the service
    itself, to be told to nobody but them. Raises Unreadable after an erasure."""
    asked = (each.event.words for each in record.history(application, ReviewAsked))
    return [str(opened_for_us(words)["words"]) for words in asked if words is not None]


def answered_by_if_asked(decision: DecisionView) -> date | None:
    """By which day a person would answer who is asked now; None where no day is set."""
    return answered_by(lender_day(decision.row.digest, clock.now())).day


def listed(by: Principal, over: Reach, state: str, paging: Paging) -> Part[Review]:
    """A page of those within reach, the newest first; in one state, or in any where that is
    empty. Raises BadInput for a wrong cursor."""
    rows = Review.objects.filter(rows_for(by, over))
    return page_of(rows.filter(state=state) if state else rows, _NEWEST, paging)


def visible(review: str, by: Principal, over: Reach) -> tuple[ReviewView, str | None]:
    """The review, and what the applicant said; None to a reader without the right to personal
    facts. Raises DoesNotExist: others' are not there; Unreadable where it is gone."""
    row = Review.objects.filter(rows_for(by, over)).get(pk=review)
    return shown(row), _words(row, by)


def shown(row: Review) -> ReviewView:
    """The row as others see it."""
    return ReviewView(
        row.id,
        row.decision,
        row.application,
        ReviewState(row.state),
        row.outcome,
        row.asked_at,
        row.due_on,
        row.settled_by,
        row.settled_at,
    )


def _words(row: Review, by: Principal) -> str | None:
    asked = (each.event for each in record.history(row.application, ReviewAsked))
    words = next(each.words for each in asked if each.review == row.id)
    try:
        return "" if words is None else str(opened_for(by, row, words)["words"])
    except Withheld:
        return None
