"""What the record tells of those who decide cases, in the words of a rehearsal: to be held against
what they know themselves; and how long customers waited for their answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from equipoise.experience.calendar import BusinessCalendar
from equipoise.record.events import Event, Recorded
from equipoise.rehearsal import Act, Kept, Wait
from equipoise.rehearsal import diary as acts
from equipoise.service.contexts.cases.events import (
    CaseDecided,
    CasePassed,
    CaseReturned,
    CaseSigned,
    OverrideMade,
    WorkAssigned,
    WorkClaimed,
    WorkReleased,
)
from equipoise.service.contexts.cases.reading import WorkKind, promised_hours
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.drafts.events import DraftSent, DraftTook
from equipoise.service.contexts.officers.events import AbsenceTold
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.contexts.reviews.events import ReviewAsked, ReviewSettled
from equipoise.service.platform.record import services as record
from equipoise.strategy.decision import DECLINE, REFER

_OF_WORK: Mapping[type[Event], str] = {
    WorkClaimed: acts.CLAIMED,
    WorkReleased: acts.RELEASED,
    WorkAssigned: acts.ASSIGNED,
}
_OF_CASES: Mapping[type[Event], str] = {
    CaseDecided: acts.DECIDED,
    CaseSigned: acts.SIGNED,
    CasePassed: acts.PASSED,
    CaseReturned: acts.RETURNED,
}
_READ: tuple[type[Event], ...] = (*_OF_WORK, *_OF_CASES, AbsenceTold)
_ENDS = (CaseDecided, OverrideMade, DecisionMade, OutcomeRecorded)


def recorded_acts() -> dict[Act, int]:
    """What everybody did about cases, how often."""
    counts: Counter[Act] = Counter()
    holders: dict[str, dict[str, str]] = defaultdict(dict)  # by chain and work
    for each in record.read(_READ):
        event = each.event
        if isinstance(event, AbsenceTold):
            counts[Act(event.by, acts.LEAVE, event.starts)] += 1
            continue
        if isinstance(event, WorkClaimed | WorkReleased | WorkAssigned):
            counts[Act(event.by, _OF_WORK[type(event)], event.work)] += 1
            before = holders[each.entry.chain].pop(event.work, "")
            if isinstance(event, WorkClaimed):
                if before and before != event.by:
                    counts[Act(before, acts.LOST, event.work)] += 1
                holders[each.entry.chain][event.work] = event.by
        elif isinstance(event, CaseDecided | CaseSigned | CasePassed | CaseReturned):
            counts[Act(event.by, _OF_CASES[type(event)], event.decision)] += 1
            holders.pop(each.entry.chain, None)  # what is answered is nobody's any more
    return dict(counts)


def done_wrongly() -> list[str]:
    """Decisions that were decided twice, and reviews settled by whoever had signed the answer that
    they are about: none, where all is well."""
    decided: Counter[str] = Counter()
    signers: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = {}  # who had signed as a review was asked for
    own = []
    for each in record.read((CaseSigned, CaseDecided, ReviewAsked, ReviewSettled)):
        event = each.event
        if isinstance(event, CaseSigned | CaseDecided):
            signers[event.decision].add(event.by)
            decided[event.decision] += isinstance(event, CaseDecided)
        elif isinstance(event, ReviewAsked):
            before[event.review] = {*signers[event.decision]}
        elif isinstance(event, ReviewSettled):
            decided[event.decision] -= event.outcome == "overturned"
            if event.by in before.get(event.review, ()):
                own.append(f"{event.by} settled {event.review}, of their own decision")
    twice = [f"{decision} was decided {n} times" for decision, n in decided.items() if n > 1]
    return [*twice, *own]


def kept_promises(until: datetime) -> Kept:
    """How long each case that was left to a person waited for its answer, by the hours in which
    its lender is open; those that were decided by the strategy after all are left out."""
    begun: dict[str, tuple[datetime, str]] = {}
    waits = []
    for each in record.read((*_ENDS,)):
        chain, at = each.entry.chain, _at(each)
        event = each.event
        if isinstance(event, DecisionMade) and event.made["outcome"] == REFER:
            begun.setdefault(chain, (at, event.made["digest"]))
            continue
        since = begun.pop(chain, None)
        if since is not None and isinstance(event, CaseDecided | OverrideMade):
            waits.append(Wait(_hours(since, at)))
    waits += [Wait(_hours(since, until), is_open=True) for since in begun.values()]
    return Kept(promised_hours(WorkKind.REFERRED), waits)


def right_answers(pays_back: Mapping[str, bool]) -> tuple[int, int]:
    """How many of people's answers the truth bears out, and how many there are; by whether the
    person of each draft would pay back."""
    draft_of = drafts_by_application()
    last = {each.event.decision: each for each in record.read((CaseDecided,))}
    known = [
        (each.event.answer != DECLINE) == pays_back[draft]
        for each in last.values()
        if (draft := draft_of.get(each.entry.chain, "")) in pays_back
    ]
    return sum(known), len(known)


def drafts_by_application() -> dict[str, str]:
    """The draft that each application was."""
    sent: Iterable[Recorded[DraftSent | DraftTook]] = record.read((DraftSent, DraftTook))
    return {each.event.application: each.entry.chain for each in sent}


def _at(each: Recorded[Any]) -> datetime:
    return datetime.fromtimestamp(each.entry.at / 1e6, UTC)


def _hours(since: tuple[datetime, str], until: datetime) -> float:
    begun, digest = since
    section = loaded(digest).content.strategy.authority
    calendar = BusinessCalendar() if section is None else section.calendar.calendar()
    moments = (np.array([int(each.timestamp() * 1e6)]) for each in (begun, until))
    return float(calendar.business_seconds(*moments)[0]) / 3600.0
