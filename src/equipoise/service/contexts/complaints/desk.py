"""Complaints wait at the desk of those who decide cases: from being received until they are
answered."""

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
from equipoise.service.contexts.complaints.events import ComplaintAnswered, ComplaintReceived
from equipoise.service.contexts.complaints.models import Complaint
from equipoise.service.contexts.drafts.reading import sent_before
from equipoise.service.platform.accounts.permissions import APPLICANT


@react_to(ComplaintReceived)
def received(each: Recorded[ComplaintReceived]) -> None:
    """A complaint waits."""
    event, chain = each.event, each.entry.chain
    row = Complaint.objects.filter(pk=event.complaint).only("digest").first()
    if row is None:
        return
    application, decision = sent_before(chain, each.entry.index)
    open_work(
        Arrival(
            kind=WorkKind.COMPLAINT,
            about=event.complaint,
            chain=chain,
            at=moment_of(each),
            application=application,
            decision=decision,
            begun_by=APPLICANT,
            strategy=event.product,
            digest=row.digest,
            last_day=None if event.due_on is None else date.fromisoformat(event.due_on),
            rule=event.rule,
        )
    )


@react_to(ComplaintAnswered)
def answered(each: Recorded[ComplaintAnswered]) -> None:
    """It does not any more."""
    settle_work(WorkKind.COMPLAINT, each.event.complaint, moment_of(each), each.event.outcome)
