"""A person's decision against the strategy's: within their authority, with a reason, on the record.

It is there where the strategy approved (or made another offer) or declined: what it left to a
person is no override. Enough people sign, each within their own authority; then it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from equipoise.authority import (
    AuthorityExceeded,
    AuthoritySection,
    Case,
    Directory,
    Grant,
    Signature,
    may_decide,
    record_override,
)
from equipoise.authority.override import Answer
from equipoise.errors import GateRefused
from equipoise.service.contexts.cases import officers
from equipoise.service.contexts.cases.events import OverrideMade, OverrideSigned
from equipoise.service.contexts.cases.models import Override
from equipoise.service.contexts.decisions.reading import Found, opened_for
from equipoise.service.contexts.registry.reading import lender_day, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.strategy.decision import APPROVE, COUNTER_OFFER, DECLINE

_MACHINE: Mapping[str, Answer] = {
    APPROVE: "approve",
    COUNTER_OFFER: "approve",
    DECLINE: "decline",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A person's answer, the declared reason for it, and why in their own words."""

    answer: Answer
    reason: str
    words: str


def override(decision: Found, wanted: Wanted, by: Principal) -> Override:
    """Sign it; the last signature that is needed makes it hold.

    Raises GateRefused where the strategy left the decision to a person, decided alike, or gives
    nobody authority, and where another answer is signed already; AuthorityExceeded, SelfDealing or
    AlreadySigned where `by` may not sign; BadInput for a reason that is not declared; Withheld and
    Unreadable where the facts cannot be read.
    """
    section = _section(decision)
    machine = _machine(decision, wanted.answer)
    day = lender_day(decision.row.digest, clock.now())
    with transaction.atomic():
        # Whoever holds the chain's head is alone with the chain until the commit.
        subject = subjects.held(decision.row.application)
        begun = Override.objects.filter(decision=decision.row.id).first()
        _check_begun(begun, wanted)
        facts = opened_for(by, decision.row, decision.sealed)
        case = _case(decision, facts, subject)
        directory = officers.directory(section)
        grant = _granted(directory, case, begun, by, day)
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
        words = subjects.seal_for(subject, {"words": wanted.words}).body
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
    return row


def _section(decision: Found) -> AuthoritySection:
    section = loaded(decision.row.digest).content.strategy.authority
    if section is None:
        raise GateRefused(
            "the strategy that decided gives nobody authority",
            mend="declare `authority` in strategy.yaml, and publish that version",
        )
    return section


def _machine(decision: Found, answer: Answer) -> Answer:
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
    if (begun.answer, begun.reason) != (wanted.answer, wanted.reason):
        raise GateRefused(
            f"'{begun.answer}' for '{begun.reason}' waits for another signature",
            field="answer",
            mend="sign the same, or leave it unsigned",
        )


def _granted(
    directory: Directory, case: Case, begun: Override | None, by: Principal, on: date
) -> Grant:
    if by.person not in directory.officers:
        raise AuthorityExceeded(
            "you have no authority over cases of this strategy",
            mend="an administrator asks for it, and a second person confirms it: /v1/officers",
        )
    signed = () if begun is None else tuple(Signature(each) for each in begun.officers)
    return may_decide(directory, by.person, case, signed, on)


def _case(decision: Found, facts: Mapping[str, Any], subject: subjects.Subject) -> Case:
    """At stake is what was offered, else what was asked for; people are compared by blind index."""
    terms, offers = facts["trace"]["terms"], facts["offers"]
    amount = max((each["amount"] for each in offers), default=terms.get("amount"))
    return Case(
        amount=amount,
        grade=decision.plain["grade"],
        applicant_id=decision.row.application if subject.blind is None else subject.blind.hex(),
        author_id=decision.row.begun_by,
        exceptions=tuple(each["code"] for each in decision.plain["reasons"]),
        product=terms.get("product"),
    )


def _signed(begun: Override | None, decision: Found, wanted: Wanted, grant: Grant) -> Override:
    row = begun or Override(
        decision=decision.row.id,
        application=decision.row.application,
        answer=wanted.answer,
        reason=wanted.reason,
        officers=[],
    )
    row.officers = [*row.officers, grant.officer_id]
    row.level, row.signatures = grant.level, grant.required.signatures
    row.complete, row.signed_at = grant.signatures_left == 0, clock.now()
    row.save()
    return row
