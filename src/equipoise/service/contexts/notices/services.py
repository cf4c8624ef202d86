"""What is done about notices: owing one for a decision, making its letter, and noting that it was
opened."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, cast

from django.db import transaction
from django.db.models import Q

from equipoise.errors import BadInput, EquipoiseError, Faults
from equipoise.jurisdiction import LetterKind
from equipoise.letters import WORDING, Printed, pdf_of
from equipoise.record.events import Recorded
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.reading import Found
from equipoise.service.contexts.decisions.reading import visible as decision
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS, tell_sender
from equipoise.service.contexts.notices.contents import Written, written
from equipoise.service.contexts.notices.events import (
    NoticeDue,
    NoticeEvent,
    NoticeGone,
    NoticeLacking,
    NoticeMade,
    NoticeOpened,
    NoticeSent,
)
from equipoise.service.contexts.notices.lender import FILE, lender
from equipoise.service.contexts.notices.models import Notice, NoticeState
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import APPLICANT, Reach
from equipoise.service.platform.law import last_day, pack_on
from equipoise.service.platform.messages.services import Purpose
from equipoise.service.platform.operations.logs import facts, log
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.subscriptions import Subscription
from equipoise.strategy.decision import COUNTER_OFFER, DECLINE

__all__ = ["OWED", "make", "make_all", "opened"]
_SERVICE = "service"
_AGAIN = timedelta(hours=1)  # after which one that lacked something is tried again
_MOST_LACKS = 400
_log = log("notices")


def _owe(events: Sequence[Recorded[Any]]) -> None:
    """Owe a notice for each of these decisions that says no, or not what was asked for."""
    for each in events:
        made = each.event
        if made.by == APPLICANT and made.made["outcome"] in (DECLINE, COUNTER_OFFER):
            _owe_one(decision(made.decision, FOR_APPLICANTS, Reach.OWN))


OWED = Subscription("notices.owed", (DecisionMade,), _owe)


def make_all(most: int) -> int:
    """Make the letters that are due, the oldest first, and try those again that lacked something;
    how many were made."""
    old = Q(state=NoticeState.LACKING, tried_at__lt=clock.now() - _AGAIN)
    waiting = Notice.objects.filter(Q(state=NoticeState.DUE) | old).order_by("id")
    return sum(make(notice) for notice in waiting.values_list("pk", flat=True)[:most])


def make(notice: str) -> bool:
    """Make the letter, keep it, and write to its applicant; whether it is there. One that lacks
    what it needs is not made: the record, the log and the row say what that is."""
    row = Notice.objects.get(pk=notice)
    kind = cast(LetterKind, row.letter)
    try:
        found = decision(row.decision, FOR_APPLICANTS, Reach.OWN).seen_by(FOR_APPLICANTS)
        letter = written(found, kind, lender())
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
        row = _alone_with(notice)
        if row.opened_at is None and row.digest:
            row.state, row.opened_at = NoticeState.OPENED, clock.now()
            _tell(row, NoticeOpened, channel=channel)


def _owe_one(found: Found) -> None:
    of = found.row
    kind, day = str(found.plain["outcome"]), lender_day(of.digest, of.made_at)
    if not _is_owed(cast(LetterKind, kind), found):
        return
    subjects.held(of.application)
    if Notice.objects.filter(decision=of.id).exists():
        return
    law = last_day("decision_complete", day)
    row = Notice(
        id=subjects.new_id("notice"),
        decision=of.id,
        application=of.application,
        begun_by=of.begun_by,
        branch=of.branch,
        region=of.region,
        letter=kind,
        due_on=law.day if law else None,
    )
    due = row.due_on.isoformat() if row.due_on else None
    _tell(row, NoticeDue, letter=kind, due_on=due, rule=law.rule.id if law else "")


def _is_owed(kind: LetterKind, found: Found) -> bool:
    """By the law of the day; a decline also where a lender says who they are and heeds none."""
    law = pack_on(lender_day(found.row.digest, found.row.made_at))
    if law is not None and law.contents(kind):
        return True
    return kind == DECLINE and lender() is not None


def _made(notice: str, letter: Written, printed: Printed) -> bool:
    with transaction.atomic():
        row = _alone_with(notice)
        if row.digest:
            return True
        pdf = base64.b64encode(printed.pdf).decode()
        try:
            sealed = subjects.seal_for(subjects.held(row.application), {"pdf": pdf})
        except Unreadable:  # erased meanwhile
            return False
        row.digest, row.made_at = sha256(printed.pdf).hexdigest(), clock.now()
        row.state, row.lacks = NoticeState.MADE, ""
        _tell(
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
            _tell(row, NoticeSent)
    return True


def _lacks(notice: str, error: EquipoiseError) -> None:
    """Say what is missing, once for each thing that is."""
    every = error.faults if isinstance(error, Faults) else (error,)
    lacks = "; ".join(each.message for each in every)[:_MOST_LACKS]
    with transaction.atomic():
        row = _alone_with(notice)
        if row.digest:
            return
        new = row.lacks != lacks
        row.state, row.lacks, row.tried_at = NoticeState.LACKING, lacks, clock.now()
        if new:
            _tell(row, NoticeLacking, lacks=lacks)
        else:
            row.save(update_fields=["state", "tried_at"])
    _log.error("a letter cannot be made", extra=facts(notice=notice, lacks=lacks, file=FILE))


def _gone(notice: str) -> None:
    with transaction.atomic():
        row = _alone_with(notice)
        row.state = NoticeState.GONE
        _tell(row, NoticeGone)


def _alone_with(notice: str) -> Notice:
    """The notice, alone with its application's chain until the commit."""
    subjects.held(Notice.objects.get(pk=notice).application)
    return Notice.objects.get(pk=notice)


def _tell(row: Notice, kind: type[NoticeEvent], **told: Any) -> None:
    """Save the row, and tell what happened to it."""
    row.save()
    event = kind(notice=row.id, decision=row.decision, by=_SERVICE, **told)
    record.append(record.event(row.application, event, rows=(row,)))
