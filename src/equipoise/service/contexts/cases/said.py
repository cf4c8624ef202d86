"""What people said as they signed, passed on or returned a case: from the record, opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from equipoise.record.events import Recorded
from equipoise.service.contexts.cases.events import (
    CaseDecided,
    CaseEvent,
    OverrideEvent,
    OverrideMade,
)
from equipoise.service.contexts.decisions.reading import opened_for, opened_for_us
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.services import Owned
from equipoise.service.platform.record import services as record

_TOLD = (OverrideEvent, CaseEvent, CaseDecided)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody did about a decision (`what` is the event's kind), by which answer (empty where
    they returned it) and level, and why in their own words; of a yes the offer, where it had
    terms, and the checks that it waived, with why."""

    what: str
    by: str
    at: datetime
    answer: str
    reasons: Sequence[str]
    level: str
    words: str
    offer: Mapping[str, Any] | None
    waived: Mapping[str, str]


def said_about(application: str, decision: str, row: Owned, by: Principal) -> list[Said]:
    """All that was said about a decision, in order, for a reader of personal facts. Raises
    Withheld, and Unreadable where it is gone."""
    return [
        _said(each, opened_for(by, row, each.event.words))
        for each in _events_about(application, decision, *_TOLD)
    ]


def offer_in(application: str, decision: str) -> Mapping[str, Any] | None:
    """The offer of the last that was said about a decision, for the service itself; None where it
    has none. Raises Unreadable after an erasure."""
    return _offer(_events_about(application, decision, *_TOLD))


def offer_that_holds(application: str, decision: str) -> Mapping[str, Any] | None:
    """The same of the last answer that holds: what is signed in its place and waits for more
    signatures offers nothing yet."""
    return _offer(_events_about(application, decision, OverrideMade, CaseDecided))


def _offer(events: Sequence[Recorded[Any]]) -> Mapping[str, Any] | None:
    if not events:
        return None
    offer: Mapping[str, Any] | None = opened_for_us(events[-1].event.words).get("offer")
    return offer


def _events_about(application: str, decision: str, *kinds: type[Any]) -> list[Recorded[Any]]:
    events: list[Recorded[Any]] = list(record.history(application, *kinds))
    return [each for each in events if each.event.decision == decision]


def _said(recorded: Recorded[Any], opened: Mapping[str, Any]) -> Said:
    event = recorded.event
    reason = getattr(event, "reason", "")
    return Said(
        event.kind,
        event.by,
        datetime.fromtimestamp(recorded.entry.at / 1e6, UTC),
        getattr(event, "answer", ""),
        tuple(getattr(event, "reasons", (reason,) if reason else ())),
        getattr(event, "level", ""),
        str(opened["words"]),
        opened.get("offer"),
        opened.get("waived", {}),
    )
