"""What the record tells of everybody who applied, in the words of a rehearsal: to be held against
what they know themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from equipoise.record.events import Event
from equipoise.rehearsal import account as steps
from equipoise.service.contexts.agreements.events import (
    AgreementSigned,
    AgreementWithdrawn,
    OfferAccepted,
)
from equipoise.service.contexts.cases.events import CaseDecided
from equipoise.service.contexts.complaints.events import (
    ComplaintAnswered,
    ComplaintOverdue,
    ComplaintReceived,
)
from equipoise.service.contexts.complaints.reading import Matter
from equipoise.service.contexts.concerns.events import ConcernAnswered, ConcernClosed
from equipoise.service.contexts.conversations.events import Asked
from equipoise.service.contexts.decisions.events import ChecksRecorded, DecisionMade
from equipoise.service.contexts.drafts.events import (
    DraftAnswered,
    DraftBegun,
    DraftConsented,
    DraftEnded,
    DraftMoved,
    DraftOpened,
    DraftSent,
    DraftTook,
    DraftWentOn,
)
from equipoise.service.contexts.feedback.events import (
    FeedbackAsked,
    FeedbackDismissed,
    FeedbackScored,
)
from equipoise.service.contexts.notices.events import NoticeOpened
from equipoise.service.contexts.papers.events import PaperBrought
from equipoise.service.contexts.reviews.events import ReviewAsked, ReviewSettled
from equipoise.service.platform.messages.events import MessageQueued
from equipoise.service.platform.record import services as record
from equipoise.strategy.decision import DECLINE

_PLAIN: dict[type[Event], str] = {
    DraftBegun: steps.BEGUN,
    DraftOpened: steps.OPENED,
    DraftSent: steps.SENT,
    DraftTook: steps.TOOK,
    DraftWentOn: steps.SENT_MORE,
    Asked: steps.ASKED_US,
    ReviewAsked: steps.ASKED_REVIEW,
    OfferAccepted: steps.ACCEPTED,
    AgreementSigned: steps.SIGNED,
    AgreementWithdrawn: steps.WITHDRAWN,
    DraftMoved: steps.MOVED,
    PaperBrought: steps.BROUGHT,
    NoticeOpened: steps.TOOK_LETTER,
    ConcernAnswered: steps.SETTLES,
    ComplaintOverdue: steps.LATE,
    FeedbackScored: steps.TAPPED,
    FeedbackDismissed: steps.PUT_ASIDE,
}
_READ: tuple[type[Event], ...] = (
    *_PLAIN,
    DraftAnswered,
    DraftConsented,
    DraftEnded,
    DecisionMade,
    CaseDecided,
    ChecksRecorded,
    ReviewSettled,
    ConcernClosed,
    ComplaintReceived,
    ComplaintAnswered,
    MessageQueued,
)
_BY_ITSELF = "decided_anew"  # a concern that no person closed
_ENDS = "draft_expires"
_BETWEEN = timedelta(days=30)  # at the least, between two asks of one person
_OFFERS = ("approve", "counter_offer")


def recorded_steps() -> dict[str, set[str]]:
    """The steps of each draft, by its id. What stands in the chain of its application is the
    draft's that became it."""
    events = list(record.read(_READ))
    decided = {
        each.event.decision: _answer(each.event)
        for each in events
        if isinstance(each.event, DecisionMade)
    }
    draft_of = {
        each.event.application: each.entry.chain
        for each in events
        if isinstance(each.event, DraftSent | DraftTook)
    }
    by_draft: dict[str, set[str]] = defaultdict(set)
    for each in events:
        chain = each.entry.chain
        by_draft[draft_of.get(chain, chain)].update(_steps(each.event, decided))
    return dict(by_draft)


def sent_twice() -> list[str]:
    """The drafts that the record has sent more than once: none, where all is well."""
    sent = Counter(each.entry.chain for each in record.read((DraftSent,)))
    return sorted(draft for draft, times in sent.items() if times > 1)


def asked_too_often() -> list[str]:
    """The drafts whose person was asked how it went twice within thirty days, or after they had
    complained: none, where all is well. To have one's data put right is no complaint."""
    asked: dict[str, datetime] = {}
    complained: set[str] = set()
    wrong = []
    for each in record.read((FeedbackAsked, ComplaintReceived)):
        draft = each.entry.chain
        if isinstance(each.event, ComplaintReceived):
            if each.event.matter == Matter.COMPLAINT:
                complained.add(draft)
        elif isinstance(each.event, FeedbackAsked):
            at = datetime.fromisoformat(each.event.at)
            if draft in complained or (draft in asked and at - asked[draft] < _BETWEEN):
                wrong.append(f"{draft} was asked how it went at {at:%F %T}, and ought not to be")
            asked[draft] = at
    return wrong


def owed(draft: str) -> tuple[str, list[str]]:
    """The application that a draft became, and the checks that are still owed of it."""
    (sent,) = record.history(draft, DraftSent)
    application = sent.event.application
    last = record.history(application, DecisionMade)[-1].event
    return application, [each["name"] for each in last.made["conditions"]]


def _steps(event: Event, decided: dict[str, str]) -> list[str]:
    steps_of = [_PLAIN[type(event)]] if type(event) in _PLAIN else []
    if isinstance(event, DraftAnswered):
        steps_of.append(steps.answered(event.page))
    elif isinstance(event, DraftConsented):
        steps_of.append(steps.agreed(event.purpose))
    elif isinstance(event, DraftSent):
        steps_of.append(steps.told(decided[event.decision]))
    elif isinstance(event, DraftTook):
        steps_of.append(steps.told_again(decided[event.decision]))
    elif isinstance(event, ChecksRecorded):
        steps_of.append(steps.told_after_checks(decided[event.decision]))
    elif isinstance(event, CaseDecided):
        answer = steps.NO if event.answer == DECLINE else steps.OFFER
        steps_of.append(steps.told_by_person(answer))
    elif isinstance(event, DraftEnded):
        steps_of.append(steps.DELETED if event.why == "deleted" else f"ended: {event.why}")
    else:
        steps_of += _by_people(event)
    return steps_of


def _by_people(event: Event) -> list[str]:
    """What came of it at the lender's, as the person is told it."""
    if isinstance(event, ReviewSettled):
        return [steps.reviewed(event.outcome)]
    if isinstance(event, ConcernClosed) and event.outcome != _BY_ITSELF:
        return [steps.cleared(event.outcome)]
    if isinstance(event, ComplaintReceived):
        asks = event.matter == Matter.CORRECTION
        return [steps.ASKED_CORRECTION if asks else steps.COMPLAINED]
    if isinstance(event, ComplaintAnswered):
        return [steps.answered_by_person(event.outcome)]
    if isinstance(event, MessageQueued) and event.text.partition("@")[0] == _ENDS:
        return [steps.WARNED]
    return []


def _answer(event: DecisionMade) -> str:
    """As a person can tell it from the page."""
    outcome = event.made["outcome"]
    if outcome in _OFFERS and not event.made["conditions"]:
        return steps.OFFER
    return steps.NO if outcome == "decline" else steps.WAITS
