"""A disposal folded from what happened to it. One fold for what is asked and what is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import singledispatch
from typing import Any

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.disposals.events import (
    CareChanged,
    ContactMade,
    ContactPlanned,
    DateAdded,
    DateMet,
    DisposalApproved,
    DisposalBegun,
    DisposalChased,
    DisposalEnded,
    DisposalEvent,
    DisposalProposed,
    DisposalRefused,
    MoneyRealised,
)
from equipoise.watch import disposal as disposals
from equipoise.watch.disposal import Contact, Deadline, Disposal, Measure, Proposal, Realised, State

Words = Mapping[str, Any]
ERASED: Words = {"loan": "", "reason": "", "letter": {}, "dates": []}
"""The words of a proposal whose applicant was erased."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a disposal: when, what, and the words that stand sealed in it (empty where they
    are erased)."""

    on: datetime
    event: DisposalEvent
    words: Words


@dataclass(frozen=True, slots=True)
class Story:
    """A disposal and the care of its customer: by which rules, on which clock they may be contacted
    (`made`, `planned`), and what its owner was told is late (`chased`)."""

    disposal: Disposal
    application: str
    place: str
    zone: str
    vulnerable: bool
    planned: tuple[Contact, ...] = ()
    made: tuple[Contact, ...] = ()
    notes: tuple[tuple[datetime, str], ...] = ()
    refusal: str = ""
    chased: frozenset[str] = frozenset()


def begun(event: DisposalProposed, on: datetime, words: Words) -> Story:
    """A disposal as it is proposed."""
    given = words or ERASED
    dates: tuple[Deadline, ...] = ()
    for at, due in enumerate(event.dues):
        what = given["dates"][at] if given["dates"] else ""
        dates = (*dates, _deadline(dates, what, due))
    proposal = Proposal(
        loan=given["loan"],
        measure=Measure(event.measure),
        by=event.person,
        on=on,
        reason=given["reason"],
        exposure=event.exposure,
        expected=event.expected,
        currency=event.currency,
        letter=tuple(sorted(given["letter"].items())),
        expires=None if event.expires is None else date.fromisoformat(event.expires),
        dates=dates,
    )
    return Story(
        Disposal(proposal, dates=dates),
        event.application,
        event.place,
        event.zone,
        event.vulnerable,
    )


def after(story: Story, happened: Happening) -> Story:
    """The disposal after it. Raises GateRefused where it cannot happen to it now."""
    return _after(happened.event, _Now(story, happened.on, happened.words))


@dataclass(frozen=True, slots=True)
class _Now:
    """Into what an event comes: the disposal before it, when, and with which words."""

    story: Story
    on: datetime
    words: Words


@singledispatch
def _after(event: DisposalEvent, _now: _Now) -> Story:
    raise AssertionError(f"nothing is known of {type(event).__name__}")


@_after.register
def _approved(event: DisposalApproved, now: _Now) -> Story:
    decided = disposals.decide(now.story.disposal, event.person, now.on, yes=True)
    return replace(now.story, disposal=decided)


@_after.register
def _refused(event: DisposalRefused, now: _Now) -> Story:
    decided = disposals.decide(now.story.disposal, event.person, now.on, yes=False)
    return replace(now.story, disposal=decided, refusal=now.words.get("text", ""))


@_after.register
def _begun(_told: DisposalBegun, now: _Now) -> Story:
    expires = now.story.disposal.proposal.expires
    if expires is not None and expires < now.on.date():
        raise GateRefused("the acceptance has run out", field="expires", mend="propose it anew")
    return replace(now.story, disposal=disposals.begin(now.story.disposal))


@_after.register
def _date_added(event: DateAdded, now: _Now) -> Story:
    _open(now.story)
    what, held = now.words.get("what", ""), now.story.disposal
    if any(each.what == what and each.met is None for each in held.dates):
        raise GateRefused(f"'{what}' is there already", field="what", mend="name it apart")
    dates = (*held.dates, _deadline(held.dates, what, event.due))
    return replace(now.story, disposal=replace(held, dates=dates))


@_after.register
def _date_met(event: DateMet, now: _Now) -> Story:
    dates = now.story.disposal.dates
    if not 0 <= event.number < len(dates):
        raise GateRefused("there is no such date", field="number", mend="look at its calendar")
    what = dates[event.number].what
    met = disposals.meet(now.story.disposal, what, date.fromisoformat(event.on))
    return replace(now.story, disposal=met)


@_after.register
def _contact_planned(event: ContactPlanned, now: _Now) -> Story:
    _open(now.story)
    contact = Contact(datetime.fromisoformat(event.at), event.channel)  # type: ignore[arg-type]
    return replace(now.story, planned=(*now.story.planned, contact))


@_after.register
def _contact_made(event: ContactMade, now: _Now) -> Story:
    _open(now.story)
    at = datetime.fromisoformat(event.at)
    contact = Contact(at, event.channel, event.talked)  # type: ignore[arg-type]
    left = list(now.story.planned)
    first = next((each for each in left if each.channel == event.channel), None)
    if first is not None:
        left.remove(first)
    note = (at, now.words.get("text", ""))
    return replace(
        now.story,
        planned=tuple(left),
        made=(*now.story.made, contact),
        notes=(*now.story.notes, note),
    )


@_after.register
def _care_changed(event: CareChanged, now: _Now) -> Story:
    return replace(now.story, vulnerable=event.vulnerable)


@_after.register
def _realised(event: MoneyRealised, now: _Now) -> Story:
    money = Realised(event.entry, date.fromisoformat(event.on), event.amount)
    if event.amount <= 0:
        raise BadInput("money that came in is more than nothing", field="amount")
    if any(each.entry == event.entry and each == money for each in now.story.disposal.realised):
        raise GateRefused(f"the entry '{event.entry}' is counted already", field="entry")
    return replace(now.story, disposal=disposals.realise(now.story.disposal, money))


@_after.register
def _chased(_told: DisposalChased, now: _Now) -> Story:
    return replace(now.story, chased=now.story.chased | {now.words.get("name", "")})


@_after.register
def _ended(_told: DisposalEnded, now: _Now) -> Story:
    return replace(now.story, disposal=disposals.end(now.story.disposal))


def _deadline(before: tuple[Deadline, ...], what: str, due: str) -> Deadline:
    """A date; numbered where what it is was erased."""
    return Deadline(what or f"#{len(before) + 1}", date.fromisoformat(due))


def _open(story: Story) -> None:
    if story.disposal.state in (State.REFUSED, State.ENDED):
        raise GateRefused(
            f"it is {story.disposal.state.value}, and nothing more is done about it",
            field="state",
            mend="propose something new",
        )
