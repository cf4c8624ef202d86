"""What a message said is kept for a while, and gone with its applicant; its events stay."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.conf import settings

from equipoise.service.platform import clock
from equipoise.service.platform.messages.models import Message, State

_PIECE = 1000
_TRACE = 32  # characters of what is sealed: its nonce and more, so that no other begins so


def empty_old(now: datetime) -> int:
    """Empty what messages said that have been over for long; how many."""
    before = now - timedelta(days=settings.CONFIGURATION.message_days)
    old = Message.objects.exclude(state=State.QUEUED).exclude(sealed="")
    count = 0
    while keys := list(old.filter(changed_at__lt=before).values_list("pk", flat=True)[:_PIECE]):
        count += Message.objects.filter(pk__in=keys).update(sealed="")
    return count


def forget(applicants: Collection[str]) -> None:
    """Empty all that was written to these applicants, where it went and in which language; send
    nothing more of it."""
    theirs = Message.objects.filter(subject__in=list(applicants))
    waiting = theirs.filter(state=State.QUEUED)
    waiting.update(state=State.FAILED, problem="erased", changed_at=clock.now())
    theirs.update(sealed="", contact="", language="")


def traces(applicants: Collection[str]) -> Iterator[bytes]:
    """What stands in the database of messages to these applicants, as bytes."""
    theirs = Message.objects.filter(subject__in=list(applicants)).exclude(sealed="")
    for sealed in theirs.values_list("sealed", flat=True):
        yield json.loads(sealed)["sealed"][:_TRACE].encode()
