"""What the record tells of letters: those that are owed by what was decided, and what became of
them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from equipoise.jurisdiction import LetterKind
from equipoise.record.events import Event
from equipoise.rehearsal import Owed
from equipoise.service.contexts.cases.events import CaseDecided, OverrideMade
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.drafts.events import DraftSent, DraftTook
from equipoise.service.contexts.notices.events import (
    NoticeDropped,
    NoticeDue,
    NoticeGone,
    NoticeLacking,
    NoticeMade,
    NoticeOpened,
)
from equipoise.service.contexts.notices.reading import lender
from equipoise.service.platform.law import pack_on
from equipoise.service.platform.record import services as record

_OF = (NoticeDue, NoticeLacking, NoticeMade, NoticeOpened, NoticeDropped, NoticeGone)
_BY_PERSON = (OverrideMade, CaseDecided)
_READ: tuple[type[Event], ...] = (*_OF, DraftSent, DraftTook, DecisionMade, *_BY_PERSON)
_SAYS: Mapping[str, LetterKind] = {
    "approve": "approval",
    "decline": "decline",
    "counter_offer": "counter_offer",
}


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer about a decision, by the strategy or a person: when, in whose application."""

    decision: str
    application: str
    answer: str
    at: datetime
    by_person: bool


def letters_owed() -> list[Owed]:
    """Every letter that applicants are owed: those of which the record says so, and those that what
    was decided asks for and of which it does not."""
    draft_of: dict[str, str] = {}
    said: list[_Said] = []
    notices: dict[str, Owed] = {}
    known: set[tuple[str, str]] = set()
    for each in record.read(_READ):
        event, chain = each.event, each.entry.chain
        at = datetime.fromtimestamp(each.entry.at / 1e6, UTC)
        if isinstance(event, DraftSent | DraftTook):
            draft_of[event.application] = chain
        elif isinstance(event, DecisionMade):
            said.append(_Said(event.decision, chain, event.made["outcome"], at, False))
        elif isinstance(event, _BY_PERSON):
            said.append(_Said(event.decision, chain, event.answer, at, True))
        elif isinstance(event, NoticeDue):
            by = None if event.due_on is None else date.fromisoformat(event.due_on)
            notices[event.notice] = Owed(chain, event.letter, at, by)
            known |= {(event.decision, event.letter), (event.decision, "")}
        elif isinstance(event, _OF):
            _became(notices[event.notice], event, at)
    every = [*notices.values(), *_untold(said, known, draft_of)]
    for owed in every:
        owed.draft = draft_of.get(owed.draft, owed.draft)
    return every


def _became(owed: Owed, event: Event, at: datetime) -> None:
    if isinstance(event, NoticeLacking):
        owed.lacks = event.lacks
    elif isinstance(event, NoticeMade):
        owed.written, owed.digest = at, event.digest
    elif isinstance(event, NoticeOpened):
        owed.taken = True
    else:
        owed.dropped = True


def _untold(
    said: list[_Said], known: set[tuple[str, str]], draft_of: dict[str, str]
) -> Iterator[Owed]:
    for each in said:
        kind = _asks_for(each) if each.application in draft_of else None
        # of another offer either is owed, by whether it was taken in its time
        if kind and (each.decision, "" if kind == "counter_offer" else kind) not in known:
            yield Owed(each.application, kind, each.at, told=False)


def _asks_for(said: _Said) -> LetterKind | None:
    """The letter that an answer asks for: a no, what a person decided, and, where the law has
    something to say of it, another offer."""
    kind = _SAYS.get(said.answer)
    if kind is None or (kind == "approval" and not said.by_person):
        return None
    if kind != "counter_offer" and lender() is not None:
        return kind
    law = pack_on(said.at.date())
    return kind if law is not None and law.contents(kind) else None
