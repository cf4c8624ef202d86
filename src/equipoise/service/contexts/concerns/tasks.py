"""Scheduled work about concerns."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from django.core.exceptions import ObjectDoesNotExist

from equipoise.record.events import Recorded
from equipoise.service.contexts.cases.events import CaseDecided
from equipoise.service.contexts.concerns.events import ConcernClosed, ConcernRaised
from equipoise.service.contexts.concerns.models import ConcernOutcome
from equipoise.service.contexts.concerns.raising import raise_for
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.reading import visible
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS, tell_sender
from equipoise.service.platform.accounts.permissions import Reach
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.messages.services import Purpose
from equipoise.service.platform.record import subscriptions
from equipoise.service.platform.record.subscriptions import Subscription


@every(minutes=1)
@job(attempts=1)
def raise_concerns() -> int:
    """Raise what decisions find unclear, where nobody has yet, and write to whom it is about, also
    once a person has read what they answered; how many events were looked at."""
    return subscriptions.forward([_DECIDED]) + subscriptions.forward([_RAISED, _CLOSED])


def _look(events: Sequence[Recorded[DecisionMade | CaseDecided]]) -> None:
    for each in events:
        with suppress(ObjectDoesNotExist):  # a program's: no applicant of ours can answer
            raise_for(visible(each.event.decision, FOR_APPLICANTS, Reach.OWN))


def _tell(events: Sequence[Recorded[ConcernRaised]]) -> None:
    for chain in dict.fromkeys(each.entry.chain for each in events):
        tell_sender(chain, "needs_you", Purpose.PROGRESS)


def _tell_closed(events: Sequence[Recorded[ConcernClosed]]) -> None:
    """Of those that a person read: who was decided anew is told of that."""
    read = [e for e in events if e.event.outcome != ConcernOutcome.DECIDED_ANEW]
    for chain in dict.fromkeys(each.entry.chain for each in read):
        tell_sender(chain, "concern_closed", Purpose.PROGRESS)


_DECIDED = Subscription("concerns.decided", (DecisionMade, CaseDecided), _look)
_RAISED = Subscription("concerns.raised", (ConcernRaised,), _tell)
_CLOSED = Subscription("concerns.closed", (ConcernClosed,), _tell_closed)
