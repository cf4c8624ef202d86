"""What others may do with complaints: make one, and answer it; and who waits too long is told.

Each is one transaction, alone with the draft's chain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.cases.services import check_apart
from equipoise.service.contexts.complaints.clock import answered_by
from equipoise.service.contexts.complaints.events import (
    ComplaintAnswered,
    ComplaintEvent,
    ComplaintOverdue,
    ComplaintReceived,
)
from equipoise.service.contexts.complaints.models import (
    NO_DAY,
    Complaint,
    ComplaintOutcome,
    ComplaintState,
    Matter,
)
from equipoise.service.contexts.complaints.reading import ComplaintView, of_draft, shown
from equipoise.service.contexts.drafts.reading import language_of, sent_as
from equipoise.service.contexts.drafts.services import APPLICANT, link_to, tell
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.messages.services import Purpose
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.texts.dates import written_day
from equipoise.texts.saying import say

__all__ = [
    "MOST_WORDS",
    "Complainant",
    "ComplaintOutcome",
    "Matter",
    "answer",
    "complain",
    "forget",
]
MOST_WORDS = 2000
"""Characters of a complaint, and of an answer."""
_MOST_OPEN = 10  # of one draft: whoever has more to say adds it where we answer
_SERVICE = "system.complaints"
_REFERENCE = 20  # characters of a complaint's id, of chance, in the place of what the person knew


@dataclass(frozen=True, slots=True)
class Complainant:
    """Whose draft it is about: how the person knows it, for which product by which strategy, in
    which language, over which channel it comes, and by whose hands where not the applicant's."""

    draft: str
    reference: str
    product: str
    digest: str
    language: str
    channel: str
    by: str = APPLICANT


def complain(
    who: Complainant, words: str, step: str = "", matter: Matter = Matter.COMPLAINT
) -> ComplaintView:
    """Take a complaint in, and tell the person its reference. In the same words as one that waits,
    it is that one.

    Raises BadInput where nothing is said or too much, GateRefused where too many wait, Unreadable
    after an erasure.
    """
    words = _bounded(words)
    with transaction.atomic():
        subject = subjects.held(who.draft)
        waiting = [each for each in of_draft(who.draft) if each.complaint.waits]
        for each in waiting:
            if (each.words, each.complaint.matter) == (words, matter):
                return each.complaint
        if len(waiting) >= _MOST_OPEN:
            raise GateRefused(
                f"{len(waiting)} of your complaints wait for our answer",
                mend="wait for one of them",
            )
        return shown(_received(who, _sealed(subject, words), step, matter))


def answer(complaint: str, outcome: ComplaintOutcome, words: str, by: Principal) -> ComplaintView:
    """Answer one, and write to whoever made it; they read the words, which are sealed, on their
    page.

    Raises DoesNotExist, OwnDecision where they had decided on the application before it was
    complained of, Away, GateRefused where it is answered already, BadInput, Unreadable.
    """
    words = _bounded(words)
    row = Complaint.objects.get(pk=complaint)
    with transaction.atomic():
        subject = subjects.held(row.draft)
        row.refresh_from_db()
        if row.state == ComplaintState.ANSWERED:
            raise GateRefused(f"the complaint is answered: {row.outcome}", mend="read it")
        check_apart(sent_as(row.draft)[0], row.received_at, by)
        now = clock.now()
        row.state, row.outcome = ComplaintState.ANSWERED, outcome
        row.answered_by, row.answered_at = by.id, now
        row.save(update_fields=["state", "outcome", "answered_by", "answered_at"])
        sealed = _sealed(subject, words)
        _append(row, ComplaintAnswered, now, **by.signature, outcome=outcome, words=sealed)
        _tell(row, "complaint_answered")
    return shown(row)


def tell_overdue(now: datetime) -> int:
    """Tell whoever waits past the last day whom else to turn to, once; how many were."""
    waiting = Complaint.objects.filter(state=ComplaintState.OPEN, overdue_told_at__isnull=True)
    near = waiting.filter(last_day__lt=now.date() + timedelta(days=2))  # in whatever time zone
    late = [row.id for row in near if row.last_day < lender_day(row.digest, now)]
    return sum(_told_overdue(each, now) for each in late)


def forget(drafts: Collection[str]) -> int:
    """Take by what a person knows their complaints out of those about drafts whose keys are gone;
    how many were. It stands in no event, as nobody could take it out of there."""
    rows = Complaint.objects.filter(draft__in=subjects.unreadable(drafts))
    erased = list(rows.values_list("id", flat=True))
    for complaint in erased:
        Complaint.objects.filter(pk=complaint).update(reference=complaint[-_REFERENCE:])
    return len(erased)


def _told_overdue(complaint: str, now: datetime) -> bool:
    row = Complaint.objects.get(pk=complaint)
    with transaction.atomic():
        subject = subjects.held(row.draft)
        row.refresh_from_db()
        there = subject.key is not None and row.overdue_told_at is None
        if not there or row.state == ComplaintState.ANSWERED:
            return False
        row.overdue_told_at = now
        row.save(update_fields=["overdue_told_at"])
        _append(row, ComplaintOverdue, now, by=_SERVICE, due_on=row.last_day.isoformat())
        _tell(row, "complaint_overdue")
        return True


def _received(who: Complainant, words: Mapping[str, Any], step: str, matter: Matter) -> Complaint:
    now = clock.now()
    due = answered_by(matter, lender_day(who.digest, now))
    place = Complaint.objects.filter(draft=who.draft).count() + 1
    row = Complaint.objects.create(
        id=subjects.new_id("complaint"),
        draft=who.draft,
        reference=f"{who.reference}-{place}",
        matter=matter,
        product=who.product,
        digest=who.digest,
        language=who.language,
        channel=who.channel,
        step=step,
        received_at=now,
        last_day=due.day or NO_DAY,
        rule=due.rule,
    )
    _append(
        row,
        ComplaintReceived,
        now,
        by=who.by,
        matter=row.matter,
        product=row.product,
        channel=row.channel,
        language=row.language,
        step=row.step,
        due_on=None if due.day is None else due.day.isoformat(),
        rule=row.rule,
        words=words,
    )
    _tell(row, "complaint_received", answer=_when(due.day, language_of(row.draft)))
    return row


def _when(day: date | None, language: str) -> str:
    if day is None:
        return say("A person answers as soon as they can.", language)
    return say("A person answers by {day}.", language, day=written_day(day, language))


def _tell(row: Complaint, text: str, **more: str) -> None:
    values = {"reference": row.reference, "link": link_to(row.draft), **more}
    tell(row.draft, text, values, Purpose.NOTICE)


def _append(row: Complaint, kind: type[ComplaintEvent], at: datetime, **fields: Any) -> None:
    event = kind(complaint=row.id, at=at.isoformat(), **fields)
    record.append(record.event(row.draft, event, rows=(row,)))


def _sealed(subject: subjects.Subject, words: str) -> Mapping[str, Any]:
    return subjects.seal_for(subject, {"words": words}).body


def _bounded(words: str) -> str:
    kept = words.replace("\x00", "").replace("\r\n", "\n").strip()
    if not kept or len(kept) > MOST_WORDS:
        raise BadInput(
            "nothing is said" if not kept else f"these are {len(kept)} characters",
            field="words",
            mend=f"write 1 to {MOST_WORDS} characters",
        )
    return kept
