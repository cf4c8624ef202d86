"""What others may do with concerns: raise those of a decision, answer one, and close it.

Each is one transaction, alone with the application's chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.concerns.clock import read_by
from equipoise.service.contexts.concerns.events import ConcernAnswered
from equipoise.service.contexts.concerns.models import Concern, ConcernOutcome, ConcernState
from equipoise.service.contexts.concerns.raising import close as closed
from equipoise.service.contexts.concerns.raising import raise_for
from equipoise.service.contexts.concerns.reading import ConcernView, shown
from equipoise.service.contexts.decisions.reading import read
from equipoise.service.contexts.drafts.services import Hands
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

__all__ = ["MOST_WORDS", "answer", "close", "raise_for"]
MOST_WORDS = 2000  # characters that are kept of what somebody says
MOST_ANSWERS = 20  # to one concern


def answer(
    concern: str, application: str, words: str, papers: Sequence[str], hands: Hands
) -> ConcernView:
    """The applicant answers, in words or with papers that they brought, as often as they need to;
    the desk is told.

    Raises DoesNotExist where it is none of the application's, BadInput where nothing is said,
    GateRefused where it is closed, Unreadable where the applicant was erased.
    """
    said = _bounded(words)
    if not said and not papers:
        raise BadInput("nothing was said or brought", field="words", mend="say something")
    now = clock.now()
    with transaction.atomic():
        subject = subjects.held(application)
        row = Concern.objects.get(pk=concern, application=application)
        _refuse_answered_out(row)
        row.state, row.answered_at = ConcernState.ANSWERED, now
        row.due_on = read_by(lender_day(read(row.decision).row.digest, now))
        row.save(update_fields=["state", "answered_at", "due_on"])
        event = ConcernAnswered(
            by=hands.by,
            concern=row.id,
            decision=row.decision,
            channel=hands.channel,
            words=_sealed(subject, said),
            papers=list(papers),
            due_on=None if row.due_on is None else row.due_on.isoformat(),
            at=now.isoformat(),
        )
        record.append(record.event(application, event, rows=(row,)))
    return shown(row)


def close(
    concern: str, outcome: ConcernOutcome, words: str, by: Principal, over: Reach
) -> ConcernView:
    """A person of the lender's has read what there is, and says what they came to, and why.

    Raises DoesNotExist for one that is not within `over`, GateRefused where it is closed already.
    """
    row = Concern.objects.filter(rows_for(by, over)).get(pk=concern)
    with transaction.atomic():
        subject = subjects.held(row.application)
        row.refresh_from_db()
        if row.state == ConcernState.CLOSED:
            raise GateRefused(f"the concern is closed: {row.outcome}", mend="read it")
        sealed = _sealed(subject, _bounded(words))
        closed(row, outcome, by.id, words=sealed, key=by.key or None)
    return shown(row)


def _refuse_answered_out(row: Concern) -> None:
    if row.state == ConcernState.CLOSED:
        raise GateRefused("this is settled already", mend="ask us")
    answers = record.history(row.application, ConcernAnswered)
    if sum(each.event.concern == row.id for each in answers) >= MOST_ANSWERS:
        raise GateRefused("this was answered many times", mend="ask us")


def _bounded(words: str) -> str:
    return words.replace("\x00", "").strip()[:MOST_WORDS]


def _sealed(subject: subjects.Subject, words: str) -> Mapping[str, Any] | None:
    return subjects.seal_for(subject, {"words": words}).body if words else None
