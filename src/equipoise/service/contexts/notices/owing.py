"""Which letters are owed: for a decision of the strategy, for a person's in its place, and for an
offer that was not taken in its time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from equipoise.jurisdiction import Kind, LetterKind
from equipoise.record.events import Recorded
from equipoise.service.contexts.agreements.reading import agreement_of
from equipoise.service.contexts.applications.reading import visible as application
from equipoise.service.contexts.cases.events import CaseDecided, OverrideMade
from equipoise.service.contexts.cases.reading import by_person
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.decisions.reading import visible as decision
from equipoise.service.contexts.drafts.reading import draft_of
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS, tell_sender
from equipoise.service.contexts.notices.events import NoticeDue
from equipoise.service.contexts.notices.lender import lender
from equipoise.service.contexts.notices.models import Notice
from equipoise.service.contexts.notices.telling import tell
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.contexts.reviews.events import ReviewSettled
from equipoise.service.contexts.reviews.reading import ReviewOutcome
from equipoise.service.platform.accounts.permissions import APPLICANT, Reach
from equipoise.service.platform.law import last_day, pack_on
from equipoise.service.platform.messages.services import Purpose
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.subscriptions import Subscription
from equipoise.strategy.decision import APPROVE, COUNTER_OFFER, DECLINE

APPROVAL: LetterKind = "approval"
LAPSED: LetterKind = "offer_lapsed"
UPHELD: LetterKind = "upheld"
_IN_TIME: Kind = "decision_complete"
_AFTER_AN_OFFER: Kind = "decision_after_counter_offer"
_BY_PERSON: dict[str, LetterKind] = {
    APPROVE: APPROVAL,
    COUNTER_OFFER: "counter_offer",
    DECLINE: "decline",
}
_TAKEN = frozenset({"accepted", "booked"})


def _decided(events: Sequence[Recorded[Any]]) -> None:
    """Owe what each of these decisions asks for that says no, or not what was asked for."""
    for each in events:
        made = each.event
        if made.by != APPLICANT or made.made["outcome"] not in (DECLINE, COUNTER_OFFER):
            continue
        case = decision(made.decision, FOR_APPLICANTS, Reach.OWN)
        day = lender_day(case.row.digest, case.row.made_at)
        if made.made["outcome"] == DECLINE:
            _owe(case, "decline", _IN_TIME, day)
        elif made.made["reasons"] or not _lapses(day):
            _owe(case, "counter_offer", _IN_TIME, day)
        else:
            _owe(case, LAPSED, _AFTER_AN_OFFER, day)


def _by_person(events: Sequence[Recorded[Any]]) -> None:
    """Owe a letter about what a person decided, in place of the strategy or where it had left it to
    one."""
    for each in events:
        case = _of_applicant(each.event.decision)
        by = None if case is None else by_person(each.event.decision)
        if case is not None and by is not None:
            _owe(case, _BY_PERSON[by.answer], _IN_TIME, lender_day(case.row.digest, by.at))


def _reviewed(events: Sequence[Recorded[ReviewSettled]]) -> None:
    """Write to whoever asked that a person has looked again, and owe a letter about an answer that
    is kept; one about another is owed for that answer."""
    for each in events:
        tell_sender(each.entry.chain, "review_settled", Purpose.PROGRESS)
        case = _of_applicant(each.event.decision)
        if case is not None and each.event.outcome == ReviewOutcome.KEPT:
            on = lender_day(case.row.digest, datetime.fromtimestamp(each.entry.at / 1e6, UTC))
            _owe(case, UPHELD, None, on)


OWED = (
    Subscription("notices.owed", (DecisionMade,), _decided),
    Subscription("notices.by_person", (OverrideMade, CaseDecided), _by_person),
    Subscription("notices.reviewed", (ReviewSettled,), _reviewed),
)


def not_owed_any_more(row: Notice) -> str:
    """Why a letter that is not made is not owed after all: a person decided otherwise meanwhile or
    the application was `decided_anew`, or the offer was `taken` or `withdrawn` from; empty where it
    is owed."""
    by = by_person(row.decision)
    if by is not None and row.letter not in (UPHELD, _BY_PERSON[by.answer]):
        return "decided_anew"
    if row.letter != LAPSED:
        return ""
    if agreement_of(row.application, FOR_APPLICANTS, Reach.OWN) is not None:
        return "taken"
    outcomes = {e.event.outcome for e in record.history(row.application, OutcomeRecorded)}
    if outcomes & _TAKEN:
        return "taken"
    if "withdrawn" in outcomes:
        return "withdrawn"
    last = application(row.application, FOR_APPLICANTS, Reach.OWN).decision
    moved_on = draft_of(row.application) is None or last != row.decision
    return "decided_anew" if moved_on else ""


def _of_applicant(name: str) -> DecisionView | None:
    """The decision, where an applicant asked for it; those of programs are told by them."""
    try:
        return decision(name, FOR_APPLICANTS, Reach.OWN)
    except ObjectDoesNotExist:
        return None


def _lapses(day: date) -> bool:
    """Whether the law has a clock for an offer that is not taken, and says what is told then."""
    law, clock = pack_on(day), last_day(_AFTER_AN_OFFER, day)
    return bool(law and clock and clock.day and law.contents(LAPSED))


def _owe(case: DecisionView, kind: LetterKind, clock: Kind | None, day: date) -> None:
    of = case.row
    subjects.held(of.application)
    owed = Notice.objects.filter(decision=of.id)
    if owed.filter(letter=kind).exists() or not (_is_owed(kind, day) or owed.exists()):
        return
    due = last_day(clock, day) if clock else None
    row = Notice(
        id=subjects.new_id("notice"),
        decision=of.id,
        application=of.application,
        begun_by=of.begun_by,
        branch=of.branch,
        region=of.region,
        letter=kind,
        due_on=due.day if due else None,
    )
    by = row.due_on.isoformat() if row.due_on else None
    tell(row, NoticeDue, letter=kind, due_on=by, rule=due.rule.id if due else "")


def _is_owed(kind: LetterKind, day: date) -> bool:
    """By the law of the day; what says no, and what a person says after it, also where a lender
    says who they are and heeds none."""
    law = pack_on(day)
    if law is not None and law.contents(kind):
        return True
    return kind in (DECLINE, APPROVAL, UPHELD) and lender() is not None
