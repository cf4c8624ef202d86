"""What others may know of conversations: their turns, opened, and which wait for a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from equipoise.service.contexts.conversations.events import (
    Answered,
    Asked,
    PersonAsked,
    Replied,
    Said,
    Turn,
)
from equipoise.service.contexts.conversations.models import HandedOver
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

__all__ = ["Spoken", "Waiting", "in_need", "turns", "waiting", "with_a_person"]
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn as it is shown: who spoke (`applicant`, `helper`, `person`, or `note` for what
    happened), the kind of a reply, its words, and what can be chosen."""

    who: str
    kind: str
    text: str
    at: datetime
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that a person has."""

    draft: str
    product: str
    language: str
    why: str
    topic: str
    since: datetime


def turns(draft: str) -> list[Spoken]:
    """The conversation, in order. Raises Unreadable where the applicant was erased."""
    subject = subjects.several([draft]).get(draft)
    spoken = (_spoken(subject, each.event) for each in record.history(draft, Turn))
    return [each for each in spoken if each is not None]


def waiting() -> Sequence[Waiting]:
    """The conversations that wait for a person: urgent ones first, then the oldest."""
    rows = HandedOver.objects.order_by("since")[:_SHOWN]
    return [_waiting(row) for row in sorted(rows, key=lambda row: (not row.topic, row.since))]


def with_a_person(draft: str) -> Waiting | None:
    """The conversation's hand-over, if a person has it."""
    row = HandedOver.objects.filter(pk=draft).first()
    return None if row is None else _waiting(row)


def in_need(drafts: Collection[str]) -> bool:
    """Whether urgent words were ever noticed in a conversation about one of these."""
    asked = record.in_chains(list(drafts), PersonAsked)
    return any(each.event.topic for each in asked)


def _waiting(row: HandedOver) -> Waiting:
    return Waiting(row.draft, row.product, row.language, row.why, row.topic, row.since)


def _spoken(subject: subjects.Subject | None, turn: Turn) -> Spoken | None:
    at = datetime.fromisoformat(turn.at)
    if not isinstance(turn, Said):
        return Spoken("note", type(turn).kind.rpartition(".")[2], "", at)
    words: dict[str, Any] = subjects.opened(subject, turn.words)
    text, options = words.get("text", ""), words.get("options", ())
    if isinstance(turn, Asked):
        return Spoken("applicant", "asked", text, at) if text else None
    if isinstance(turn, Answered):
        return Spoken("helper", turn.reply, text, at, tuple((n, t) for n, t in options))
    return Spoken("person", "replied" if isinstance(turn, Replied) else "", text, at)
