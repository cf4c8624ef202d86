"""What happened to an application since it was begun, as its applicant reads it: from the record,
each event in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import singledispatch
from typing import Any

from equipoise.contract import time_zone
from equipoise.errors import BadInput
from equipoise.record.events import Event, Recorded
from equipoise.service.contexts.agreements.events import (
    AgreementSigned,
    AgreementWithdrawn,
    OfferAccepted,
)
from equipoise.service.contexts.asks.events import (
    AskLapsed,
    AskMet,
    AskWithdrawn,
    CaseAnswered,
    CaseAsked,
)
from equipoise.service.contexts.asks.reading import What, is_condition
from equipoise.service.contexts.cases.events import CaseDecided, OverrideMade
from equipoise.service.contexts.concerns.events import (
    ConcernAnswered,
    ConcernClosed,
    ConcernRaised,
)
from equipoise.service.contexts.conversations.events import PersonAsked, Replied
from equipoise.service.contexts.decisions.events import ChecksRecorded, DecisionMade
from equipoise.service.contexts.drafts.events import (
    DraftBegun,
    DraftErasureAsked,
    DraftHelpBegan,
    DraftHelpEnded,
    DraftMoved,
    DraftOpened,
    DraftSent,
    DraftTook,
    DraftWentOn,
    DraftWithdrew,
)
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.notices.events import NoticeMade, NoticeOpened
from equipoise.service.contexts.papers.events import PaperBrought, PaperRead
from equipoise.service.contexts.reviews.events import ReviewAsked, ReviewSettled
from equipoise.service.pages.applicant.standing import BY_PERSON
from equipoise.service.platform.messages.events import MessageBounced, MessageQueued, MessageSent
from equipoise.service.platform.record import services as record
from equipoise.strategy.decision import (
    APPROVE,
    ASK_FOR_MORE,
    COUNTER_OFFER,
    DECLINE,
    REFER,
)
from equipoise.texts.dates import written_moment
from equipoise.texts.messages import message_text
from equipoise.texts.saying import marked, say, spoken

_TOLD: Mapping[type[Event], str] = {
    DraftBegun: marked("You began your application."),
    DraftOpened: marked("Your application was opened in another browser."),
    DraftHelpBegan: marked("Someone of ours began to help you."),
    DraftHelpEnded: marked("The help ended."),
    DraftMoved: marked("You moved your application to another product."),
    DraftWithdrew: marked("You took back what you had agreed to."),
    DraftSent: marked("You sent your application, and we received it."),
    DraftWentOn: marked("You sent more answers, and your application was decided again."),
    DraftTook: marked("You took other terms, and your application was decided again."),
    DraftErasureAsked: marked("You asked that what we hold about you is erased."),
    ChecksRecorded: marked("Results of a check came in."),
    NoticeMade: marked("Our answer was made into a letter."),
    NoticeOpened: marked("You took our letter."),
    ReviewAsked: marked("You asked that a person looks again."),
    OfferAccepted: marked("You took an offer, to read it again and sign it."),
    AgreementSigned: marked("You signed the loan agreement."),
    AgreementWithdrawn: marked("You withdrew from the loan agreement."),
    PaperBrought: marked("You brought a document."),
    PaperRead: marked("A person of ours opened a document that you brought."),
    ConcernAnswered: marked("You answered what was unclear to us."),
    CaseAnswered: marked("You answered what we asked."),
    AskWithdrawn: marked("We do not need what we asked you for any more."),
    AskMet: marked("A person saw what our offer waited for."),
    PersonAsked: marked("A person took over the conversation with you."),
    Replied: marked("A person wrote to you on the page where you ask us."),
}
_OTHERS = (
    CaseAsked,
    AskLapsed,
    ConcernRaised,
    ConcernClosed,
    DecisionMade,
    ReviewSettled,
    OverrideMade,
    CaseDecided,
    MessageQueued,
    MessageSent,
    MessageBounced,
)
_DECIDED = {
    APPROVE: marked("We decided: yes."),
    COUNTER_OFFER: marked("We decided, and made you another offer than you asked for."),
    DECLINE: marked("We decided: no."),
    ASK_FOR_MORE: marked("We looked at it, and asked you for more."),
    REFER: marked("We handed it to a person, who decides."),
}
_ONCE_SETTLED = {
    APPROVE: marked("We decided: yes, once what is still open is settled."),
    COUNTER_OFFER: marked(
        "We decided, and can make you another offer once what is still open is settled."
    ),
}
_SETTLED = {
    "kept": marked("A person looked again, and came to the same answer."),
    "overturned": marked("A person looked again, and changed the answer."),
}
_CLOSED = {
    "cleared": marked("A person read what you answered, and it is settled."),
    "stands": marked("A person read what you answered; it goes into what they decide."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, and when by the lender's clock, both in words; `at` is the moment as
    HTML has it."""

    at: str
    moment: str
    said: str


def events_of(draft: DraftView) -> list[Recorded[Any]]:
    """What the record tells of a draft and of what became of it, in its order."""
    events = record.in_chains([draft.id, *applications_of(draft)], *_TOLD, *_OTHERS)
    return sorted(events, key=lambda each: each.sequence)


def applications_of(draft: DraftView) -> list[str]:
    """What was made of a draft, the first first: with terms that were taken there is another."""
    own = record.history(draft.id, DraftSent, DraftTook)
    sent = [e.event.application for e in own if isinstance(e.event, DraftSent | DraftTook)]
    return list(dict.fromkeys(sent))


def lines_of(draft: DraftView, events: Sequence[Recorded[Any]]) -> list[Line]:
    """The events in words, the newest first; what says nothing to an applicant is left out."""
    zone = time_zone(draft.product.contract.time_zone)
    texts = _texts(events)
    lines = []
    for each in _as_lived(events):
        said = _said(each.event, texts)
        if said:
            moment = datetime.fromtimestamp(each.entry.at / 1e6, UTC).astimezone(zone)
            lines.append(Line(moment.isoformat("T", "minutes"), written_moment(moment), said))
    return lines[::-1]


def _as_lived(events: Sequence[Recorded[Any]]) -> list[Recorded[Any]]:
    """What a person sent before the decision that it led to: it is recorded once that was made."""
    made = {e.event.decision: e.sequence for e in events if isinstance(e.event, DecisionMade)}

    def place(each: Recorded[Any]) -> tuple[int, int]:
        sent = isinstance(each.event, DraftSent | DraftWentOn | DraftTook)
        led_to = made.get(each.event.decision) if sent else None
        return (each.sequence, 1) if led_to is None else (led_to, 0)

    return sorted(events, key=place)


def _texts(events: Iterable[Recorded[Any]]) -> Mapping[str, str]:
    """Which text each message was."""
    queued = (each.event for each in events if isinstance(each.event, MessageQueued))
    return {each.message: each.text for each in queued}


@singledispatch
def _said(event: Event, _texts: Mapping[str, str]) -> str:
    message = _TOLD.get(type(event), "")
    return say(message) if message else ""


@_said.register
def _(event: DecisionMade, _texts: Mapping[str, str]) -> str:
    outcome = event.made["outcome"]
    owed = _ONCE_SETTLED if event.made["conditions"] else {}
    return say(owed.get(outcome) or _DECIDED[outcome])


@_said.register
def _(event: ReviewSettled, _texts: Mapping[str, str]) -> str:
    return say(_SETTLED[event.outcome])


@_said.register
def _(event: CaseAsked, _texts: Mapping[str, str]) -> str:
    if event.what == What.CHECK:
        return say("Our offer waits for one thing more of you.")
    return say("A person of ours asked you for one thing more.")


@_said.register
def _(event: AskLapsed, _texts: Mapping[str, str]) -> str:
    if is_condition(event.ask):
        return say("What our offer waited for was not there by its day.")
    return say("We had no answer by the day we asked for. A person goes on with what there is.")


@_said.register
def _(_event: ConcernRaised, _texts: Mapping[str, str]) -> str:
    return say("We asked you about something that is unclear to us.")


@_said.register
def _(event: ConcernClosed, _texts: Mapping[str, str]) -> str:
    message = _CLOSED.get(event.outcome)
    return say(message) if message else ""


@_said.register
def _(event: OverrideMade | CaseDecided, _texts: Mapping[str, str]) -> str:
    return say(BY_PERSON[event.answer])


@_said.register
def _(event: MessageSent, texts: Mapping[str, str]) -> str:
    subject = _subject(texts.get(event.message, ""))
    return say("We wrote to you: “{subject}”", subject=subject) if subject else ""


@_said.register
def _(event: MessageBounced, texts: Mapping[str, str]) -> str:
    subject = _subject(texts.get(event.message, ""))
    if not subject:
        return ""
    return say("What we wrote to you did not arrive: “{subject}”", subject=subject)


def _subject(text: str) -> str:
    """The subject of a text as it was sent, in the language spoken now; empty for one that is not
    there any more, or names something."""
    try:
        sent = message_text(text, spoken()) if text else None
    except BadInput:
        return ""
    return "" if sent is None or "{" in sent.subject else sent.subject
