"""What is done about notices: making the letters that are owed, and noting that one was opened."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from hashlib import sha256
from typing import cast

from django.db import transaction
from django.db.models import Q

from equipoise.errors import BadInput, EquipoiseError, Faults
from equipoise.jurisdiction import LetterKind
from equipoise.letters import WORDING, Printed, pdf_of
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.decisions.reading import visible as decision
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS, tell_sender
from equipoise.service.contexts.notices.contents import Written, written
from equipoise.service.contexts.notices.events import (
    NoticeDropped,
    NoticeGone,
    NoticeLacking,
    NoticeMade,
    NoticeOpened,
    NoticeSent,
)
from equipoise.service.contexts.notices.lender import FILE, lender
from equipoise.service.contexts.notices.models import Notice, NoticeState
from equipoise.service.contexts.notices.owing import LAPSED, OWED, UPHELD, not_owed_any_more
from equipoise.service.contexts.notices.telling import alone_with, tell
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Reach
from equipoise.service.platform.messages.services import Purpose
from equipoise.service.platform.operations.logs import facts, log
from equipoise.service.platform.record import subjects

__all__ = ["OWED", "make", "make_all", "opened"]
_AGAIN = timedelta(hours=1)  # after which one that lacked something is tried again
_AHEAD = timedelta(days=5)  # of the last day for an offer to be taken: then the letter is made
_MOST_LACKS = 400
_log = log("notices")


def make_all(most: int) -> int:
    """Make the letters that are due, the oldest first, and try those again that lacked something;
    how many were made."""
    old = Q(state=NoticeState.LACKING, tried_at__lt=clock.now() - _AGAIN)
    ripe = ~Q(letter=LAPSED) | Q(due_on__lte=clock.now().date() + _AHEAD)
    waiting = Notice.objects.filter(Q(state=NoticeState.DUE) | old, ripe).order_by("id")
    return sum(make(notice) for notice in waiting.values_list("pk", flat=True)[:most])


def make(notice: str) -> bool:
    """Make the letter, keep it, and write to its applicant; whether it is there. One that lacks
    what it needs is not made: the record, the log and the row say what that is."""
    if _dropped(notice):
        return False
    row = Notice.objects.get(pk=notice)
    kind = cast(LetterKind, row.letter)
    try:
        case = decision(row.decision, FOR_APPLICANTS, Reach.OWN).seen_by(FOR_APPLICANTS)
        letter = written(case, kind, lender(), _replaced(row, case))
        printed = pdf_of(letter.letter)
    except Unreadable:
        _gone(notice)
        return False
    except (BadInput, Faults) as error:
        _lacks(notice, error)
        return False
    return _made(notice, letter, printed)


def opened(notice: str, channel: str) -> None:
    """Its applicant took the letter; told once."""
    with transaction.atomic():
        row = alone_with(notice)
        if row.opened_at is None and row.digest:
            row.state, row.opened_at = NoticeState.OPENED, clock.now()
            tell(row, NoticeOpened, channel=channel)


def _made(notice: str, letter: Written, printed: Printed) -> bool:
    with transaction.atomic():
        row = alone_with(notice)
        if row.digest:
            return True
        pdf = base64.b64encode(printed.pdf).decode()
        try:
            sealed = subjects.seal_for(subjects.held(row.application), {"pdf": pdf})
        except Unreadable:  # erased meanwhile
            return False
        row.digest, row.made_at = sha256(printed.pdf).hexdigest(), clock.now()
        row.state, row.lacks = NoticeState.MADE, ""
        tell(
            row,
            NoticeMade,
            letter=row.letter,
            language=letter.letter.language,
            wording=WORDING,
            law=letter.law,
            contains=letter.contains,
            digest=row.digest,
            shown=sealed.body,
        )
        if tell_sender(row.application, "letter_ready", Purpose.NOTICE):
            row.state = NoticeState.SENT
            tell(row, NoticeSent)
    return True


def _lacks(notice: str, error: EquipoiseError) -> None:
    """Say what is missing, once for each thing that is."""
    every = error.faults if isinstance(error, Faults) else (error,)
    lacks = "; ".join(each.message for each in every)[:_MOST_LACKS]
    with transaction.atomic():
        row = alone_with(notice)
        if row.digest:
            return
        new = row.lacks != lacks
        row.state, row.lacks, row.tried_at = NoticeState.LACKING, lacks, clock.now()
        if new:
            tell(row, NoticeLacking, lacks=lacks)
        else:
            row.save(update_fields=["state", "tried_at"])
    _log.error("a letter cannot be made", extra=facts(notice=notice, lacks=lacks, file=FILE))


def _replaced(row: Notice, case: DecisionView) -> date | None:
    """The day of the last letter about the same decision, if there was one, whose place it takes:
    one about an answer that is kept takes none's."""
    if row.letter == UPHELD:
        return None
    made = Notice.objects.filter(decision=row.decision, made_at__isnull=False)
    moment = made.order_by("id").values_list("made_at", flat=True).last()
    return None if moment is None else lender_day(case.row.digest, moment)


def _dropped(notice: str) -> bool:
    """Whether it is not owed any more, which is told once."""
    with transaction.atomic():
        row = alone_with(notice)
        why = "" if row.digest else not_owed_any_more(row)
        if why and row.state != NoticeState.DROPPED:
            row.state = NoticeState.DROPPED
            tell(row, NoticeDropped, why=why)
    return bool(why)


def _gone(notice: str) -> None:
    with transaction.atomic():
        row = alone_with(notice)
        row.state = NoticeState.GONE
        tell(row, NoticeGone)
