"""What others may know of concerns: those of an application, and those within a reader's reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from equipoise.service.contexts.concerns.events import ConcernAnswered
from equipoise.service.contexts.concerns.models import Concern, ConcernOutcome, ConcernState
from equipoise.service.contexts.decisions.reading import opened_for
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.api.paging import Order, Paging, Part, page_of, read_name
from equipoise.service.platform.record import services as record

__all__ = [
    "Answer",
    "ConcernOutcome",
    "ConcernState",
    "ConcernView",
    "answers_in",
    "answers_to",
    "listed",
    "of_decision",
    "shown",
    "visible",
]
_NEWEST = Order("concerns", ("-id",), (read_name,))


@dataclass(frozen=True, slots=True)
class ConcernView:
    """A concern as it stands; `outcome` is empty until it is closed."""

    id: str
    application: str
    decision: str
    code: str
    state: ConcernState
    outcome: str
    raised_at: datetime
    answered_at: datetime | None
    due_on: date | None
    closed_by: str
    closed_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether its applicant has yet to answer."""
        return self.state == ConcernState.OPEN

    @property
    def answered(self) -> bool:
        """Whether an answer waits for a person."""
        return self.state == ConcernState.ANSWERED


@dataclass(frozen=True, slots=True)
class Answer:
    """What an applicant answered: in words, empty where there are none, and with which papers."""

    at: datetime
    words: str
    papers: Sequence[str]


def of_decision(decision: str) -> Sequence[ConcernView]:
    """What is unclear by a decision, or was, in the order in which it was found."""
    return [shown(row) for row in Concern.objects.filter(decision=decision).order_by("id")]


def listed(by: Principal, over: Reach, state: str, paging: Paging) -> Part[Concern]:
    """A page of those within reach, the newest first; in one state, or in any where that is
    empty. Raises BadInput for a wrong cursor."""
    rows = Concern.objects.filter(rows_for(by, over))
    return page_of(rows.filter(state=state) if state else rows, _NEWEST, paging)


def visible(concern: str, by: Principal, over: Reach) -> ConcernView:
    """The concern, if the reader may see it. Raises DoesNotExist: others' are not there."""
    return shown(Concern.objects.filter(rows_for(by, over)).get(pk=concern))


def answers_to(concern: str, by: Principal) -> Sequence[Answer]:
    """What was answered to it, in order, for a reader of personal facts, or its applicant. Raises
    Withheld, and Unreadable where it is gone."""
    row = Concern.objects.get(pk=concern)
    events = (each.event for each in record.history(row.application, ConcernAnswered))
    return [_answer(row, each, by) for each in events if each.concern == concern]


def answers_in(application: str, by: Principal) -> Sequence[Answer]:
    """All that was answered to what was unclear in an application, in order, as above."""
    rows = Concern.objects.filter(application=application).in_bulk()
    events = (each.event for each in record.history(application, ConcernAnswered)) if rows else ()
    return [_answer(rows[each.concern], each, by) for each in events]


def shown(row: Concern) -> ConcernView:
    """The row as others see it."""
    return ConcernView(
        row.id,
        row.application,
        row.decision,
        row.code,
        ConcernState(row.state),
        row.outcome,
        row.raised_at,
        row.answered_at,
        row.due_on,
        row.closed_by,
        row.closed_at,
    )


def _answer(row: Concern, event: ConcernAnswered, by: Principal) -> Answer:
    said = "" if event.words is None else str(opened_for(by, row, event.words)["words"])
    return Answer(datetime.fromisoformat(event.at), said, tuple(event.papers))
