"""From the outbox to whoever carries messages away, and what came of it.

A process that is killed in between leaves the message to another, once nobody has held it for a
while, which sends it again under the same id: everything goes at least once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from equipoise.record.events import Event
from equipoise.record.personal import Unreadable
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.clock import reached
from equipoise.service.platform.messages.contacts import Channel
from equipoise.service.platform.messages.contents import contents_of
from equipoise.service.platform.messages.couriers import Courier, Letter, NoWay, Refused
from equipoise.service.platform.messages.events import (
    MessageBounced,
    MessageFailed,
    MessageSent,
    MessageSuppressed,
)
from equipoise.service.platform.messages.models import Message, State
from equipoise.service.platform.messages.opting import refuse_all
from equipoise.service.platform.messages.purposes import Purpose
from equipoise.service.platform.messages.queueing import SYSTEM, refusal
from equipoise.service.platform.operations.logs import facts, log
from equipoise.service.platform.record import services as record
from equipoise.service.platform.webhooks import backoff

LATE = "too late"
_log = log("messages")


def waits(channel: Channel) -> bool:
    """Whether a message of the channel may be sent now."""
    return due(channel, timezone.now()).exists()


def carry(channel: Channel, courier: Callable[[], Courier], over: Callable[[], bool]) -> int:
    """Send what is due by the channel until it is `over`; how many messages were taken.

    Raises NoWay where nothing can be carried now: what was in hand waits.
    """
    count = 0
    if not waits(channel):
        return count
    with courier() as carrier:
        while not over() and (message := take(channel)) is not None:
            count += _carried(message, carrier)
    return count


def due(channel: Channel, now: datetime) -> QuerySet[Message]:
    """The messages that may be sent now, whatever a clock that was set back left in their rows."""
    waiting = reached("next_at", now, backoff.LONGEST_WAIT)
    return Message.objects.filter(waiting, state=State.QUEUED, channel=channel)


def take(channel: Channel) -> Message | None:
    """Take the next message, so that for a while nobody else does; None where there is none."""
    now = timezone.now()
    until = now + timedelta(seconds=2 * settings.CONFIGURATION.job_lease)
    for message in due(channel, now).order_by("next_at")[:20]:
        mine = due(channel, now).filter(pk=message.pk, next_at=message.next_at)
        if mine.update(next_at=until):
            return message
    return None


def _carried(message: Message, carrier: Courier) -> bool:
    """Whether it was taken; what became of it stands in its row. Raises NoWay."""
    purpose = Purpose(message.purpose)
    if clock.now() - message.made_at > purpose.patience:
        end(message, State.FAILED, MessageFailed(message=message.id, why=LATE, by=SYSTEM), LATE)
        return False
    if why := refusal(message.contact, purpose):
        named = {"message": message.id, "text": message.text, "purpose": message.purpose}
        end(message, State.SUPPRESSED, MessageSuppressed(**named, why=why, by=SYSTEM), why)
        return False
    try:
        letter = Letter(message.id, **asdict(contents_of(message)))
    except Unreadable:  # the applicant was erased
        gone = MessageFailed(message=message.id, why="erased", by=SYSTEM)
        end(message, State.FAILED, gone, "erased")
        return False
    return _settled(message, _posted(message, letter, carrier))


def _posted(message: Message, letter: Letter, carrier: Courier) -> Refused | None:
    try:
        return carrier.carry(letter)
    except NoWay:
        Message.objects.filter(pk=message.pk, state=State.QUEUED).update(next_at=timezone.now())
        raise


def _settled(message: Message, answer: Refused | None) -> bool:
    if answer is None:
        end(message, State.SENT, MessageSent(message=message.id, by=SYSTEM))
        return True
    _log.info("message refused", extra=facts(message=message.id, problem=answer.problem))
    wait = None if answer.for_good else backoff.wait(message.tries + 1)
    if wait is not None:
        _again(message, wait, answer.problem)
        return False
    ended = {"message": message.id, "why": answer.problem, "by": SYSTEM}
    if answer.no_such:
        bounced(message, MessageBounced(**ended), answer.problem)
    else:
        end(message, State.FAILED, MessageFailed(**ended), answer.problem)
    return False


def bounced(message: Message, event: MessageBounced, problem: str) -> bool:
    """It came back for good, and nothing more goes there; False as `end`."""
    with transaction.atomic():
        if message.contact:
            refuse_all(message)
        return end(message, State.BOUNCED, event, problem)


def _again(message: Message, seconds: float, problem: str) -> None:
    chance = random.random()  # noqa: S311 - only spreads load
    after = timedelta(seconds=backoff.jittered(seconds, chance))
    changes = {"tries": message.tries + 1, "next_at": timezone.now() + after, "problem": problem}
    Message.objects.filter(pk=message.pk, state=State.QUEUED).update(**changes)


def end(message: Message, state: State, event: Event, problem: str = "") -> bool:
    """The message is in that state from now on; False where somebody has said more meanwhile."""
    changes = {"state": state, "problem": problem, "changed_at": clock.now()}
    if message.purpose == Purpose.CODE:
        changes["sealed"] = ""  # it was read, or is worth nothing by now
    with transaction.atomic():
        mine = Message.objects.filter(pk=message.pk, state=message.state)
        if not mine.update(**changes):
            return False
        record.append(record.event(message.chain, event))
    return True
