"""Looking at the outbox: where each message stands; what it says only where none is sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from equipoise.record.personal import Unreadable
from equipoise.service.platform.messages.contents import contents_of
from equipoise.service.platform.messages.models import Message, Refusal, State

STATES: tuple[str, ...] = tuple(State.values)
"""Where a message may stand."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as whoever runs the service may see it. `to`, `subject` and `said` are empty unless
    it is `kept`."""

    id: str
    chain: str
    channel: str
    text: str
    language: str
    purpose: str
    state: str
    problem: str
    made_at: datetime
    changed_at: datetime
    to: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    said: str = field(default="", repr=False)


def newest(most: int, state: str = "") -> list[Outgoing]:
    """The newest messages, of one state where it is given."""
    rows = Message.objects.filter(state=state) if state else Message.objects.all()
    return [_outgoing(row) for row in rows.order_by("-pk")[:most]]


def kept_for(subject: str, purpose: str) -> list[Outgoing]:
    """The messages for a purpose to one applicant that were kept instead of sent, newest first."""
    rows = Message.objects.filter(subject=subject, purpose=purpose, state=State.KEPT)
    return [_outgoing(row) for row in rows.order_by("-pk")]


def about(chains: Collection[str]) -> list[Outgoing]:
    """The messages to the applicants of these chains, the newest first."""
    rows = Message.objects.filter(subject__in=list(chains)).order_by("-made_at", "-pk")
    return [_outgoing(row) for row in rows]


def counts() -> dict[str, int]:
    """How many messages stand in each state."""
    rows = Message.objects.values_list("state").annotate(Count("pk")).order_by()
    by_state = dict(rows)
    return {state: by_state.get(state, 0) for state in STATES}


def unreachable() -> int:
    """How many contact points are not written to at all, as what was sent there came back."""
    return Refusal.objects.filter(purpose="").count()


def _outgoing(row: Message) -> Outgoing:
    named = (row.id, row.chain, row.channel, row.text, row.language, row.purpose)
    stands = (row.state, row.problem, row.made_at, row.changed_at)
    return Outgoing(*named, *stands, *_said(row))


def _said(row: Message) -> tuple[str, str, str]:
    if row.state != State.KEPT:
        return "", "", ""
    try:
        contents = contents_of(row)
    except Unreadable as error:
        return "", "", error.message
    phone = row.channel == "phone"
    return contents.to, contents.subject, contents.short if phone else contents.text
