"""An event of the record as what happened on a way: activities, and what they open and close.

Pages that people answer are activities of their own, `page.` before their names. `offered` is the
lender's offer, with which the step `offer` opens; every other step opens (`schedule`) when it is
asked for. What a decision asked for is done (`complete`) by the next answer: see `following`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from equipoise.record.events import Event
from equipoise.service.contexts.agreements.events import (
    AgreementSigned,
    AgreementWithdrawn,
    OfferAccepted,
)
from equipoise.service.contexts.cases.events import (
    CaseDecided,
    OverrideMade,
    WorkHeld,
    WorkResumed,
)
from equipoise.service.contexts.complaints.events import ComplaintReceived
from equipoise.service.contexts.concerns.events import ConcernAnswered, ConcernRaised
from equipoise.service.contexts.conversations.events import PersonAsked, Replied
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.drafts.events import (
    DraftAnswered,
    DraftBegun,
    DraftConsented,
    DraftEnded,
    DraftHelpBegan,
    DraftMoved,
    DraftSent,
    DraftTook,
)
from equipoise.service.contexts.papers.events import PaperBrought
from equipoise.service.contexts.reviews.events import ReviewAsked, ReviewSettled
from equipoise.strategy.decision import ASK_FOR_MORE, DECLINE, REFER

SCHEDULE, COMPLETE = "schedule", "complete"
PAGE = "page."
BEGUN, CONSENTS, SENT = "begun", "consents", "sent"
MORE, CHECKS, CONCERN, PERSON = "more", "checks", "concern", "person"
QUESTION = "question"
OFFERED, OFFER, SIGN, SIGNED, DECLINED = "offered", "offer", "sign", "signed", "declined"
BOOKED, WITHDRAWN, LAPSED = "booked", "withdrawn", "lapsed"
DELETED, EXPIRED, SILENT, ERASED = "deleted", "expired", "silent", "erased"
LATER = (MORE, CHECKS, CONCERN, PERSON, OFFER, SIGN)
"""The steps after an application was sent, in order."""
ACCEPTED_BY = (SIGNED, BOOKED)
LEFT_BY = (WITHDRAWN, LAPSED, DELETED, EXPIRED, SILENT, ERASED)
_OPENS = {ASK_FOR_MORE: MORE, REFER: PERSON}
_BECAME = {"accepted": OFFER, "booked": BOOKED, "withdrawn": WITHDRAWN, "lapsed": LAPSED}

Activity = tuple[str, str]
"""A name and a lifecycle."""


def _done(*names: str) -> Callable[[Any], list[Activity]]:
    return lambda _: [(name, COMPLETE) for name in names]


def opened_by(event: DecisionMade) -> str:
    """The step that a decision opens: what it asks for, or whom; empty where it is the answer."""
    outcome = event.made["outcome"]
    if outcome in _OPENS:
        return _OPENS[outcome]
    return CHECKS if event.made["conditions"] else ""


def _decided(event: DecisionMade) -> list[Activity]:
    opened = opened_by(event)
    if opened:
        return [(opened, SCHEDULE)]
    return [(DECLINED, COMPLETE)] if event.made["outcome"] == DECLINE else [*_OFFERED]


def _became(event: OutcomeRecorded) -> list[Activity]:
    name = _BECAME.get(event.outcome)
    return [] if name is None else [(name, COMPLETE)]


def _by_person(event: OverrideMade | CaseDecided) -> list[Activity]:
    return [(DECLINED, COMPLETE)] if event.answer == DECLINE else [*_OFFERED]


_OFFERED: list[Activity] = [(OFFERED, COMPLETE), (OFFER, SCHEDULE)]
ACTIVITIES: Mapping[type[Event], Callable[[Any], list[Activity]]] = {
    DraftBegun: _done(BEGUN),
    DraftAnswered: lambda event: [(f"{PAGE}{event.page}", COMPLETE)],
    DraftConsented: _done(CONSENTS),
    DraftHelpBegan: _done("helped"),
    DraftMoved: _done("moved"),
    DraftSent: _done(SENT),
    DraftTook: _done("other_terms"),
    DraftEnded: lambda event: [(event.why, COMPLETE)],
    DecisionMade: _decided,
    OutcomeRecorded: _became,
    OverrideMade: _by_person,
    CaseDecided: _by_person,
    ConcernRaised: lambda _: [(CONCERN, SCHEDULE)],
    ConcernAnswered: _done(CONCERN),
    WorkHeld: lambda _: [(QUESTION, SCHEDULE)],
    WorkResumed: _done(QUESTION),
    PaperBrought: _done("paper"),
    PersonAsked: _done("person_asked"),
    Replied: _done("person_replied"),
    ComplaintReceived: _done("complained"),
    ReviewAsked: _done("review_asked"),
    ReviewSettled: _done("review_settled"),
    OfferAccepted: lambda _: [(OFFER, COMPLETE), (SIGN, SCHEDULE)],
    AgreementSigned: lambda _: [(SIGN, COMPLETE), (SIGNED, COMPLETE)],
    AgreementWithdrawn: _done("withdrew"),
}
"""What each type of event tells of a way."""
