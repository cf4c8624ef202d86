"""What others may know of cases: whether a person's answer holds against the strategy's, and what
waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from equipoise.service.contexts.cases.conflicts import deciders
from equipoise.service.contexts.cases.listing import Counts, Wanted, counted, listed
from equipoise.service.contexts.cases.models import Override, Work, WorkKind
from equipoise.service.contexts.cases.notes import Note, notes_of
from equipoise.service.contexts.cases.work import WorkView, view
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for

__all__ = [
    "Counts",
    "Note",
    "Overridden",
    "Wanted",
    "WorkKind",
    "WorkView",
    "counted",
    "deciders",
    "listed",
    "notes_of",
    "overridden",
    "overriding",
    "read_work",
    "work_of",
    "works_of",
]
# Which of an application's is looked at first: what a person answered and another has to sign.
_FIRST = (WorkKind.SIGNATURE, WorkKind.REFERRED, WorkKind.REVIEW, WorkKind.COMPLAINT)


@dataclass(frozen=True, slots=True)
class Overridden:
    """A person's answer that holds in place of a decision's, by which declared reason, and since
    when."""

    answer: str
    reason: str
    at: datetime


def overridden(decision: str) -> Overridden | None:
    """What a person decided in place of the decision, if one did."""
    row = Override.objects.filter(decision=decision, complete=True).first()
    return None if row is None else Overridden(row.answer, row.reason, row.signed_at)


def overriding(decision: str) -> str:
    """The answer of a person that holds in place of the decision's; empty where none does."""
    rows = Override.objects.filter(decision=decision, complete=True)
    return rows.values_list("answer", flat=True).first() or ""


def works_of(application: str, by: Principal, over: Reach) -> list[WorkView]:
    """What waits for a person about the application, as far as the caller may see it."""
    now = clock.now()
    rows = Work.objects.filter(rows_for(by, over), application=application, closed_at__isnull=True)
    works = [view(row, now) for row in rows.order_by("opened_at", "id")]
    return sorted(works, key=lambda work: _FIRST.index(work.kind))


def work_of(application: str, by: Principal, over: Reach) -> WorkView | None:
    """The first of them; None where nothing waits."""
    return next(iter(works_of(application, by, over)), None)


def read_work(work: str, by: Principal, over: Reach) -> WorkView:
    """One by its id, also once it has ended. Raises DoesNotExist: others' is not there."""
    return view(Work.objects.filter(rows_for(by, over)).get(pk=work), clock.now())
