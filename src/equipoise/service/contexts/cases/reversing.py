"""A person's answer in place of one that another person gave, as its applicant asked for that.

The machine's no is overridden; a person's is answered anew, and only for the better: a yes with
terms. Enough people sign the same, each within their own authority; until then what stood stands,
and history keeps both.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from equipoise.authority import Directory, Grant
from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.applications.reading import last_step
from equipoise.service.contexts.asks import services as asks
from equipoise.service.contexts.cases.conditions import depend
from equipoise.service.contexts.cases.deciding import (
    Answered,
    Changed,
    answer_and_offer,
    check_reasons,
    said_with,
    tell,
)
from equipoise.service.contexts.cases.events import CaseDecided, ReversalDropped, ReversalSigned
from equipoise.service.contexts.cases.models import Reversal, RulingState
from equipoise.service.contexts.cases.reading import by_person, standing_answer
from equipoise.service.contexts.cases.said import offer_in
from equipoise.service.contexts.cases.signing import (
    at_stake,
    case_of,
    check_words,
    exceptions_of,
    granted,
    new_answer,
    section_of,
)
from equipoise.service.contexts.cases.terms import facts_of, same_terms, today
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.officers import reading as officers
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.strategy.decision import APPROVE, COUNTER_OFFER, DECLINE

REVIEWED = (DECLINE, COUNTER_OFFER)
"""Answers at which somebody may ask a person to look again."""


def reverse(decision: DecisionView, wanted: Answered, by: Principal) -> bool:
    """Sign a yes in place of a person's no, or of other terms; whether it holds now, or waits for
    another signature.

    Raises GateRefused where no person answered so, or the strategy gives nobody authority; Changed
    where the application was decided anew or somebody signed other terms; AuthorityExceeded,
    SelfDealing, ConflictOfInterest or AlreadySigned where `by` may not sign; BadInput for terms
    beyond the limits and reasons that cannot be told; Withheld and Unreadable where the facts
    cannot be read.
    """
    check_words(wanted.words)
    if wanted.answer != APPROVE or wanted.terms is None:
        raise BadInput("a yes has terms", field="terms", mend="name amount, months and apr")
    section = section_of(decision)
    check_reasons(decision, wanted)
    with transaction.atomic():
        subject = subjects.held(decision.row.application)
        begun = _begun(decision, wanted)
        facts = facts_of(decision, by)
        answer, offer = answer_and_offer(decision, facts, wanted)
        signed = begun.officers if begun and begun.state == RulingState.SIGNED else ()
        stake = at_stake(facts) if offer is None else offer["amount"]
        case = case_of(decision, facts, subject, stake, exceptions_of(decision))
        directory: Directory = officers.directory(section)
        grant = granted(directory, case, signed, by, today(decision))
        row = _signed(begun or new_answer(Reversal, decision), answer, wanted, grant, signed)
        holds = bool(row.state == RulingState.DECIDED)
        tell(CaseDecided if holds else ReversalSigned, row, subject, said_with(wanted, offer), by)
        if holds:
            asks.close_decided(row.application)
            depend(decision, facts, row.answer, (), by)
    return holds


def drop(decision: str, words: str, by: Principal) -> None:
    """Have what was signed in place of a person's answer count no more, if anything was: another
    keeps what stands. Within the caller's transaction, alone with the application."""
    row = Reversal.objects.filter(decision=decision, state=RulingState.SIGNED).first()
    if row is None:
        return
    row.state, row.officers, row.signed_at = RulingState.RETURNED, [], clock.now()
    row.save()
    subject = subjects.held(row.application)
    sealed = subjects.seal_for(subject, {"words": words}).body
    event = ReversalDropped(decision=decision, words=sealed, by=by.id, key=by.key or None)
    record.append(record.event(row.application, event, rows=(row,)))


def _begun(decision: DecisionView, wanted: Answered) -> Reversal | None:
    """What was signed so far."""
    of, stands = decision.row, by_person(decision.row.id)
    if last_step(of.application) != of.id:
        raise Changed("the application was decided anew meanwhile", mend="read the new decision")
    if stands is None or standing_answer(decision, stands) not in REVIEWED or stands.reviewed:
        raise GateRefused(
            "no person's answer stands that could be another", mend="read the case again"
        )
    row = Reversal.objects.filter(decision=of.id).first()
    if row is None or row.state != RulingState.SIGNED:
        return row
    same = row.reasons == [*wanted.reasons] and same_terms(
        wanted.terms, offer_in(of.application, of.id)
    )
    if not same:
        raise Changed(
            f"'{row.officers[-1]}' signed '{row.answer}', which waits for another signature",
            field="terms",
            mend="sign the same, or keep the answer that stands",
        )
    return row


def _signed(
    row: Reversal, answer: str, wanted: Answered, grant: Grant, signed: Sequence[str]
) -> Reversal:
    row.answer, row.reasons = answer, [*wanted.reasons]
    row.officers = [*signed, grant.officer_id]
    row.level, row.signatures = grant.level, grant.required.signatures
    row.state = RulingState.SIGNED if grant.signatures_left else RulingState.DECIDED
    row.signed_at = clock.now()
    row.save()
    return row
