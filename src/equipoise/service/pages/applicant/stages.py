"""The way of an application that was sent, from its receipt to the signature: which stages are
behind it, where it is now, and how much of the way to the answer is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.journey import share_done
from equipoise.record.events import Recorded
from equipoise.service.contexts.cases.events import CaseDecided
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.pages.applicant.standing import Standing
from equipoise.strategy.decision import ASK_FOR_MORE, REFER
from equipoise.texts.saying import say

DONE, NOW, AHEAD = "done", "now", "ahead"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the way: what it is called, and whether it is `done`, `now` or `ahead`."""

    title: str
    state: str


def stages(where: Standing, events: Sequence[Recorded[Any]]) -> list[Stage]:
    """The way as it is known now, in the language spoken now; the first that is not done is where
    the application is."""
    way = list(_way(where, _made(events)))
    here = next((at for at, (_, done) in enumerate(way) if not done), len(way))
    return [
        Stage(title, DONE if done else NOW if at == here else AHEAD)
        for at, (title, done) in enumerate(way)
    ]


def share(events: Sequence[Recorded[Any]]) -> float:
    """The share of the way to the answer that is done. It never falls when a decision adds steps:
    the largest that ever stood on the page is made out of the same decisions."""
    shown = 0.0
    asked: set[str] = set()
    referred = 0
    for made in _made(events):
        owed = _owed(made)
        asked |= owed
        waits = made["outcome"] == REFER
        referred += waits
        left = len(owed) + waits + bool(owed or waits)
        known = 2 + len(asked) + referred
        shown = share_done(shown, known - left, left)
    return shown


def _way(where: Standing, decisions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, bool]]:
    owed = [_owed(made) for made in decisions]
    referred = any(made["outcome"] == REFER for made in decisions)
    waits = where.outcome == REFER and not where.by_person
    answered = not (waits or (owed[-1:] and owed[-1]))
    yield say("Received"), True
    if any(owed):
        yield say("Checks"), not owed[-1]
    if referred:
        yield say("With a person"), not waits
    yield say("Answer"), answered
    if where.review:
        yield say("A person looks again"), not where.review.waits
    if where.unmet:
        yield say("What our offer waits for"), False
    if where.offering:
        yield say("Your choice"), where.agreement is not None
        yield say("Signature"), where.signed


def _made(events: Iterable[Recorded[Any]]) -> list[Mapping[str, Any]]:
    """The open parts of the decisions, in their order; a person's answer asks for nothing more."""
    return [
        each.event.made
        if isinstance(each.event, DecisionMade)
        else {"outcome": each.event.answer, "conditions": ()}
        for each in events
        if isinstance(each.event, DecisionMade | CaseDecided)
    ]


def _owed(made: Mapping[str, Any]) -> set[str]:
    """What a decision waits for of its applicant: checks, or facts still to come."""
    names = {str(each["name"]) for each in made["conditions"]}
    if made["outcome"] != ASK_FOR_MORE:
        return names
    return names | {str(made["trace"].get("next_check") or "facts")}
