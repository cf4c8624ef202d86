"""Who is asked, and when: whoever agreed to it, once in thirty days, never who complained or is in
need. By what happens and by jobs, never because somebody looks at a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from equipoise.record.events import Recorded
from equipoise.service.contexts.asks.events import AskMet
from equipoise.service.contexts.cases.events import CaseDecided
from equipoise.service.contexts.cases.reading import by_person, unmet
from equipoise.service.contexts.complaints.reading import complained
from equipoise.service.contexts.conversations.reading import in_need
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.reading import visible as decision
from equipoise.service.contexts.drafts.events import DraftSent, DraftTook
from equipoise.service.contexts.drafts.reading import Askable, answered, left_off
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS, reaches, tell
from equipoise.service.contexts.feedback import tokens
from equipoise.service.contexts.feedback.events import FeedbackAsked
from equipoise.service.contexts.feedback.models import Ask, Moment
from equipoise.service.contexts.reviews.events import ReviewSettled
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Reach
from equipoise.service.platform.messages.services import Purpose
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.subscriptions import Subscription
from equipoise.strategy.decision import ASK_FOR_MORE, DECLINE, REFER

BETWEEN = timedelta(days=30)
"""Between two asks of one person, whatever they applied for."""
LEFT_OFF = timedelta(hours=48)
"""For how long a draft is not touched whose person left off: two nights, so that whoever goes on
the next day is left alone."""
_MISSED = timedelta(hours=24)  # nobody is asked later than that, as after an outage
_SERVICE = "system.feedback"
_STEPS = {Moment.ANSWER: "answer", Moment.REVIEW: "decline"}


def ask_who_left_off(now: datetime) -> int:
    """Write to those who left off, once each, with a link; how many were."""
    people = left_off(now - LEFT_OFF - _MISSED, now - LEFT_OFF)
    return sum(_asked(each, Moment.DROP_OFF, now) for each in people)


def _asked(who: Askable, moment: Moment, now: datetime, outcome: str = "") -> bool:
    """Ask them if they may be asked now; whether they are. In a transaction of its own."""
    with transaction.atomic():
        subject = subjects.held(who.draft)
        if subject.key is None or not _may_be_asked(who, moment, now):
            return False
        step = _STEPS.get(moment, who.step)
        row = Ask.objects.create(
            id=subjects.new_id("ask"),
            draft=who.draft,
            moment=moment,
            step=step,
            product=who.product,
            channel=who.channel,
            language=who.language,
            outcome=outcome,
            asked_at=now,
        )
        event = FeedbackAsked(
            by=_SERVICE,
            ask=row.id,
            moment=row.moment,
            step=step,
            at=now.isoformat(),
            product=row.product,
            channel=row.channel,
            language=row.language,
            outcome=outcome,
        )
        record.append(record.event(who.draft, event, rows=(row,)))
        if moment == Moment.DROP_OFF:
            tell(who.draft, "ask_effort", {"link": tokens.link(row.id)}, Purpose.FEEDBACK)
        return True


def _may_be_asked(who: Askable, moment: Moment, now: datetime) -> bool:
    if Ask.objects.filter(draft=who.draft, moment=moment).exists():
        return False
    if moment == Moment.DROP_OFF and not reaches(who.draft, Purpose.FEEDBACK):
        return False
    theirs = [who.draft, *subjects.sharing([who.draft])]
    lately = Ask.objects.filter(draft__in=theirs, asked_at__gt=now - BETWEEN)
    return not (lately.exists() or complained(theirs) or in_need(theirs))


def _take(events: Sequence[Recorded[Any]]) -> None:
    """An ask for each draft of which there is an answer now, or whose review is settled. What is
    handed late, as to a service that asks for the first time, is not asked about any more."""
    now = clock.now()
    late = (now - _MISSED).timestamp() * 1e6
    lately = [each for each in events if each.entry.at > late]
    reviewed = {each.entry.chain for each in lately if isinstance(each.event, ReviewSettled)}
    for who in answered({each.entry.chain for each in lately}):
        if who.application in reviewed:
            _asked(who, Moment.REVIEW, now, _outcome(who))
        elif outcome := _outcome(who):
            _asked(who, Moment.ANSWER, now, outcome)


def _outcome(who: Askable) -> str:
    """The last answer's; empty while something is awaited, by either side."""
    by = by_person(who.decision)
    if by is not None:
        return "" if by.answer != DECLINE and unmet(who.decision) else by.answer
    made = decision(who.decision, FOR_APPLICANTS, Reach.OWN).plain
    waits = made["outcome"] in (ASK_FOR_MORE, REFER) or made["conditions"]
    return "" if waits else str(made["outcome"])


ASKS = Subscription(
    "feedback.asks", (DraftSent, DraftTook, DecisionMade, CaseDecided, AskMet, ReviewSettled), _take
)
"""Handed sent drafts too: the first decision is there before its draft is said to be sent."""
