"""A person's decision against the strategy's: within their authority, with a reason, on the record.

It is there where the strategy approved (or made another offer) or declined: what it left to a
person is no override. Enough people sign, each within their own authority; then it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from equipoise.authority import Grant, record_override
from equipoise.authority.override import Answer
from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.asks import services as asks
from equipoise.service.contexts.cases.events import OverrideMade, OverrideSigned
from equipoise.service.contexts.cases.models import Override
from equipoise.service.contexts.cases.said import offer_in
from equipoise.service.contexts.cases.signing import (
    at_stake,
    case_of,
    check_words,
    granted,
    section_of,
)
from equipoise.service.contexts.cases.terms import facts_of, offered, same_terms, today
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.officers import reading as officers
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.strategy.decision import APPROVE, COUNTER_OFFER, DECLINE

if TYPE_CHECKING:
    from equipoise.strategy.offering import Terms

_MACHINE: Mapping[str, Answer] = {
    APPROVE: "approve",
    COUNTER_OFFER: "approve",
    DECLINE: "decline",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A person's answer, the declared reason for it, and why in their own words; of a yes also the
    terms, where they name some."""

    answer: Answer
    reason: str
    words: str
    terms: Terms | None = None


def override(decision: DecisionView, wanted: Wanted, by: Principal) -> Override:
    """Sign it; the last signature that is needed makes it hold.

    Raises GateRefused where the strategy left the decision to a person, decided alike, or gives
    nobody authority, and where another answer is signed already; AuthorityExceeded, SelfDealing or
    AlreadySigned where `by` may not sign; BadInput for a reason that is not declared, without
    words, and for terms beyond the limits; Withheld and Unreadable where the facts cannot be read.
    """
    check_words(wanted.words)
    section = section_of(decision)
    machine = _machine(decision, wanted.answer)
    if wanted.terms is not None and wanted.answer != APPROVE:
        raise BadInput("terms come with a yes", field="terms", mend="leave them out")
    day = today(decision)
    with transaction.atomic():
        # Whoever holds the chain's head is alone with the chain until the commit.
        subject = subjects.held(decision.row.application)
        begun = Override.objects.filter(decision=decision.row.id).first()
        _check_begun(begun, wanted)
        facts = facts_of(decision, by)
        offer = offered(decision, facts, wanted.terms, day) if wanted.terms else None
        stake = at_stake(facts) if offer is None else offer["amount"]
        codes = [each["code"] for each in decision.plain["reasons"]]
        case = case_of(decision, facts, subject, stake, codes)
        directory = officers.directory(section)
        grant = granted(directory, case, begun.officers if begun else (), by, day)
        agreed = record_override(
            section,
            directory.officer(by.person),
            application_id=decision.row.application,
            machine=machine,
            person=wanted.answer,
            expected_bad=facts["trace"]["pd"] or 0.0,
            on=day,
            reason=wanted.reason,
        )
        row = _signed(begun, decision, wanted, grant)
        said = {"words": wanted.words} if offer is None else {"words": wanted.words, "offer": offer}
        words = subjects.seal_for(subject, said).body
        event = (OverrideMade if row.complete else OverrideSigned)(
            decision=row.decision,
            machine=agreed.machine,
            answer=agreed.person,
            reason=agreed.reason,
            level=grant.level,
            words=words,
            by=by.id,
            key=by.key or None,
        )
        record.append(record.event(row.application, event, rows=(row,)))
        if row.complete:
            asks.close_decided(row.application)
    return row


def _machine(decision: DecisionView, answer: Answer) -> Answer:
    outcome = decision.plain["outcome"]
    machine = _MACHINE.get(outcome)
    if machine is None:
        raise GateRefused(
            f"the strategy's answer is '{outcome}': there is nothing to override",
            field="answer",
            mend="decide again with what was still asked for, or decide it as a referred case",
        )
    if machine == answer:
        raise GateRefused("the strategy decided the same", field="answer", mend="leave it as it is")
    return machine


def _check_begun(begun: Override | None, wanted: Wanted) -> None:
    if begun is None:
        return
    if begun.complete:
        raise GateRefused("it was overridden already", mend="read what was signed")
    same = (begun.answer, begun.reason) == (wanted.answer, wanted.reason)
    if not (same and same_terms(wanted.terms, offer_in(begun.application, begun.decision))):
        raise GateRefused(
            f"'{begun.answer}' for '{begun.reason}' waits for another signature",
            field="answer",
            mend="sign the same, or leave it unsigned",
        )


def _signed(
    begun: Override | None, decision: DecisionView, wanted: Wanted, grant: Grant
) -> Override:
    row = begun or Override(
        decision=decision.row.id,
        application=decision.row.application,
        begun_by=decision.row.begun_by,
        branch=decision.row.branch,
        region=decision.row.region,
        answer=wanted.answer,
        reason=wanted.reason,
        officers=[],
    )
    row.officers = [*row.officers, grant.officer_id]
    row.level, row.signatures = grant.level, grant.required.signatures
    row.complete, row.signed_at = grant.signatures_left == 0, clock.now()
    row.save()
    return row
