"""All that is held about an application and was not typed, for whoever it is about: what was given
besides, what was agreed to, what was decided, and who looked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from equipoise.record.chain import Entry
from equipoise.service.contexts.decisions.events import (
    DecisionMade,
    DecisionsSearched,
    search_chain,
)
from equipoise.service.contexts.drafts.events import (
    DraftConsented,
    DraftOpened,
    DraftSent,
    DraftTook,
    DraftWithdrew,
)
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.typed import Typed
from equipoise.service.platform.accounts.reading import callers
from equipoise.service.platform.record import services as record


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the person agreed to, in which version of its text, or took back."""

    purpose: str
    text: int
    at: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: when, and its outcome."""

    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """See the module. `given` is by the contract's fields, `searches` are when somebody's search
    found the application, `opened` when another browser opened it."""

    given: Mapping[str, Any]
    agreements: tuple[Agreement, ...]
    decisions: tuple[Decided, ...]
    searches: tuple[datetime, ...]
    opened: tuple[datetime, ...]
    erasure_asked_at: datetime | None


def disclosure(draft: str, typed: Typed) -> Disclosure:
    """What is held about a draft and what became of it; `typed` is it opened."""
    row = Draft.objects.get(pk=draft)
    known = {name: fact for name, fact in typed.given.items() if fact is not None}
    given = {name: fact for name, fact in known.items() if name not in typed.raw}
    sent = [
        each.event.application
        for each in record.history(draft, DraftSent, DraftTook)
        if isinstance(each.event, DraftSent | DraftTook)
    ]
    decided = (
        Decided(_at(each.entry), str(each.event.made["outcome"]))
        for each in record.in_chains(sent, DecisionMade)
    )
    return Disclosure(
        given,
        _agreements(draft),
        tuple(sorted(decided, key=lambda each: each.at)),
        _searches({draft, *sent}),
        tuple(_at(each.entry) for each in record.history(draft, DraftOpened)),
        row.erasure_asked_at,
    )


def _agreements(draft: str) -> tuple[Agreement, ...]:
    texts: dict[str, int] = {}
    agreements = []
    for each in record.history(draft, DraftConsented, DraftWithdrew):
        event, at = each.event, _at(each.entry)
        if isinstance(event, DraftConsented):
            texts[event.purpose] = event.text
            agreements.append(Agreement(event.purpose, event.text, at, withdrawn=False))
        elif isinstance(event, DraftWithdrew):
            text = texts.get(event.purpose, 0)
            agreements.append(Agreement(event.purpose, text, at, withdrawn=True))
    return tuple(agreements)


def _searches(named: set[str]) -> tuple[datetime, ...]:
    """From the chains in which each caller's searches are told."""
    chains = [search_chain(each) for each in callers()]
    searches = record.in_chains(chains, DecisionsSearched)
    return tuple(sorted(_at(each.entry) for each in searches if named & {*each.event.subjects}))


def _at(entry: Entry) -> datetime:
    return datetime.fromtimestamp(entry.at / 1e6, UTC)
