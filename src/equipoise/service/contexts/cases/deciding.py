"""A person's answer where the strategy left a decision to one: a yes with terms, or a no with the
reasons that its applicant is told.

Enough people sign the same, each within their own authority; then it holds, and the application is
decided. Whoever has no such authority passes it on with what they would answer, and whoever could
sign and would not returns it. What is against the strategy's own answer is an override.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from equipoise.authority import Directory, Grant
from equipoise.authority.override import Answer
from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.service.contexts.applications import services as applications
from equipoise.service.contexts.applications.reading import last_step
from equipoise.service.contexts.asks import services as asks
from equipoise.service.contexts.cases.conditions import check_waived, depend, owed
from equipoise.service.contexts.cases.events import (
    CaseDecided,
    CasePassed,
    CaseReturned,
    CaseSigned,
    RulingEvent,
)
from equipoise.service.contexts.cases.models import AnsweredByPerson, Ruling, RulingState
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
from equipoise.service.contexts.cases.terms import (
    facts_of,
    granted_to,
    required,
    same_terms,
    today,
)
from equipoise.service.contexts.decisions.reading import DecisionView, opened_for
from equipoise.service.contexts.officers import reading as officers
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.strategy.decision import (
    APPROVE,
    ASK_FOR_MORE,
    COUNTER_OFFER,
    DECLINE,
    MOST_REASONS,
    REFER,
)

if TYPE_CHECKING:
    from equipoise.strategy.offering import Terms

LEFT = (REFER, ASK_FOR_MORE)
"""Outcomes to which a person may answer: the strategy gave no answer yet."""


class Changed(GateRefused):
    """What was read is not so any more: decided anew, or answered by another."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A person's answer: the terms of a yes, or the reasons told for a no, and why in their own
    words, for colleagues. Of checks that are still owed a yes waits for all but those that are
    `waived`, each with why."""

    answer: Answer
    words: str
    terms: Terms | None = None
    reasons: tuple[str, ...] = ()
    waived: Mapping[str, str] = field(default_factory=dict)


def _as_read() -> None:
    """Nothing but the decision itself was read."""


def decide(
    decision: DecisionView,
    wanted: Answered,
    by: Principal,
    unchanged: Callable[[], None] = _as_read,
) -> Ruling:
    """Sign the answer; the last signature that is needed makes it hold.

    `unchanged` is called alone with the application: what it raises is raised. Raises Changed where
    the application was decided anew or somebody answered otherwise; GateRefused where the strategy
    gave an answer of its own, or gives nobody authority; AuthorityExceeded, SelfDealing,
    ConflictOfInterest or AlreadySigned where `by` may not sign; BadInput for terms beyond the
    limits and reasons that cannot be told; Withheld and Unreadable where the facts cannot be read.
    """
    section = section_of(decision)
    _check(decision, wanted)
    with transaction.atomic():
        subject = subjects.held(decision.row.application)
        begun = _begun(decision)
        unchanged()
        facts = facts_of(decision, by)
        _check_waived(decision, facts, wanted)
        answer, offer = answer_and_offer(decision, facts, wanted)
        _refuse_other(begun, wanted)
        signed = begun.officers if begun and begun.state == RulingState.SIGNED else ()
        stake = at_stake(facts) if offer is None else offer["amount"]
        case = case_of(decision, facts, subject, stake, exceptions_of(decision))
        directory: Directory = officers.directory(section)
        grant = granted(directory, case, signed, by, today(decision))
        row = _signed(
            begun or new_answer(Ruling, decision),
            answer,
            wanted,
            grant,
            [*signed, grant.officer_id],
        )
        decided = row.state == RulingState.DECIDED
        tell(CaseDecided if decided else CaseSigned, row, subject, said_with(wanted, offer), by)
        if decided:
            applications.answered(row.application, row.decision)
            asks.close_decided(row.application)
            depend(decision, facts, row.answer, row.waived, by)
    return row


def pass_on(
    decision: DecisionView,
    wanted: Answered,
    by: Principal,
    unchanged: Callable[[], None] = _as_read,
) -> Ruling:
    """Leave the signature to those of the level that the case needs, with what one would answer.

    Raises as `decide`, but for what concerns the authority of `by`; GateRefused also where somebody
    signed already.
    """
    section_of(decision)
    _check(decision, wanted)
    with transaction.atomic():
        subject = subjects.held(decision.row.application)
        begun = _begun(decision)
        unchanged()
        if begun is not None and begun.state == RulingState.SIGNED:
            raise GateRefused(
                "somebody signed already", mend="sign the same, or return it with your words"
            )
        facts = facts_of(decision, by)
        _check_waived(decision, facts, wanted)
        answer, offer = answer_and_offer(decision, facts, wanted)
        needed = required(decision, facts, None if offer is None else offer["amount"])
        row = begun or new_answer(Ruling, decision)
        row.state, row.answer, row.reasons = RulingState.PASSED, answer, [*wanted.reasons]
        row.officers, row.passed_by, row.signed_at = [], by.person, clock.now()
        row.waived = sorted(wanted.waived)
        row.level = "" if needed is None else needed.level
        row.signatures = 1 if needed is None else needed.signatures
        row.save()
        tell(CasePassed, row, subject, said_with(wanted, offer), by)
    return row


def give_back(decision: DecisionView, words: str, by: Principal) -> Ruling:
    """Have what was signed or passed on count no more, and say why.

    Raises GateRefused where nothing waits, AuthorityExceeded, SelfDealing or ConflictOfInterest for
    whoever could not sign it themselves; who signed or passed it on may take it back.
    """
    check_words(words)
    section = section_of(decision)
    with transaction.atomic():
        subject = subjects.held(decision.row.application)
        row = _begun(decision)
        if row is None or row.state not in (RulingState.PASSED, RulingState.SIGNED):
            raise GateRefused("nothing waits for a signature", mend="read the case again")
        if by.person not in (row.passed_by, *row.officers):
            facts = opened_for(by, decision.row, decision.sealed)
            offer = offer_in(row.application, row.decision)
            stake = at_stake(facts) if offer is None else offer["amount"]
            case = case_of(decision, facts, subject, stake, exceptions_of(decision))
            granted(officers.directory(section), case, (), by, today(decision))
        row.state, row.officers, row.signed_at = RulingState.RETURNED, [], clock.now()
        row.save()
        sealed = subjects.seal_for(subject, {"words": words}).body
        event = CaseReturned(decision=row.decision, words=sealed, by=by.id, key=by.key or None)
        record.append(record.event(row.application, event, rows=(row,)))
    return row


def _check(decision: DecisionView, wanted: Answered) -> None:
    check_words(wanted.words)
    outcome = decision.plain["outcome"]
    if outcome not in LEFT:
        raise GateRefused(
            f"the strategy's answer is '{outcome}'",
            field="answer",
            mend="to decide otherwise is an override, with a declared reason",
        )
    if wanted.answer == APPROVE and wanted.terms is None:
        raise BadInput("a yes has terms", field="terms", mend="name amount, months and apr")
    if wanted.answer == DECLINE and wanted.terms is not None:
        raise BadInput("a no has no terms", field="terms", mend="leave them out")
    check_reasons(decision, wanted)


def _check_waived(decision: DecisionView, facts: Mapping[str, Any], wanted: Answered) -> None:
    if wanted.waived:
        check_waived(wanted.waived, owed(decision, facts), said_yes=wanted.answer == APPROVE)


def check_reasons(decision: DecisionView, wanted: Answered) -> None:
    """A no is told by reasons that say what stood in the way, each once; so are other terms than
    were asked for."""
    from equipoise.strategy.offering import reasons_to_tell

    known = reasons_to_tell(loaded(decision.row.digest).content)
    for code in wanted.reasons:
        if code not in known:
            raise BadInput(
                f"'{code}' is no reason that an applicant can be told",
                field="reasons",
                mend=did_you_mean(code, known) or "reasons have their words under `texts`",
            )
    if len(wanted.reasons) != len(set(wanted.reasons)) or len(wanted.reasons) > MOST_REASONS:
        raise BadInput(f"name each reason once, {MOST_REASONS} at most", field="reasons")
    if wanted.answer == DECLINE and not wanted.reasons:
        raise BadInput(
            "a no is told by what stood in the way", field="reasons", mend="name the main reasons"
        )


def _begun(decision: DecisionView) -> Ruling | None:
    """What was answered so far. Raises Changed where another decision stands by now, or it is
    answered. The caller is alone with the application."""
    if last_step(decision.row.application) != decision.row.id:
        raise Changed("the application was decided anew meanwhile", mend="read the new decision")
    row = Ruling.objects.filter(decision=decision.row.id).first()
    if row is not None and row.state == RulingState.DECIDED:
        raise Changed(
            f"'{row.officers[-1]}' decided it at {row.signed_at:%Y-%m-%d %H:%M} UTC: {row.answer}",
            mend="read what was decided",
        )
    return row


def _refuse_other(begun: Ruling | None, wanted: Answered) -> None:
    if begun is None or begun.state != RulingState.SIGNED:
        return
    no = begun.answer == DECLINE
    mine = (wanted.answer == DECLINE, [*wanted.reasons], sorted(wanted.waived))
    same = (no, begun.reasons, begun.waived) == mine
    if not (same and same_terms(wanted.terms, offer_in(begun.application, begun.decision))):
        raise Changed(
            f"'{begun.officers[-1]}' signed '{begun.answer}', which waits for another signature",
            field="answer",
            mend="sign the same, or return it with your words",
        )


def answer_and_offer(
    decision: DecisionView, facts: Mapping[str, Any], wanted: Answered
) -> tuple[str, dict[str, Any] | None]:
    """The answer in the strategy's own word for it, and the offer of a yes."""
    if wanted.terms is None:
        return wanted.answer, None
    grant = granted_to(decision, facts, wanted.terms, today(decision))
    if grant.other and not wanted.reasons:
        raise BadInput(
            "other terms than were asked for are told by what stood in the way of those",
            field="reasons",
            mend="name the main reasons",
        )
    return (COUNTER_OFFER if grant.other else APPROVE), grant.offer.as_dict()


def said_with(wanted: Answered, offer: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is sealed of an answer."""
    said: dict[str, Any] = {"words": wanted.words}
    if offer is not None:
        said["offer"] = offer
    return {**said, "waived": dict(wanted.waived)} if wanted.waived else said


def _signed(row: Ruling, answer: str, wanted: Answered, grant: Grant, signed: list[str]) -> Ruling:
    row.answer, row.reasons, row.officers = answer, [*wanted.reasons], signed
    row.waived = sorted(wanted.waived)
    row.level, row.signatures = grant.level, grant.required.signatures
    row.state = RulingState.SIGNED if grant.signatures_left else RulingState.DECIDED
    row.signed_at = clock.now()
    row.save()
    return row


def tell(
    kind: type[RulingEvent] | type[CaseDecided],
    row: AnsweredByPerson,
    subject: subjects.Subject,
    said: Mapping[str, Any],
    by: Principal,
) -> None:
    """Record the row as somebody leaves it, within the caller's transaction."""
    event = kind(
        decision=row.decision,
        machine=row.machine,
        answer=row.answer,
        reasons=row.reasons,
        level=row.level,
        words=subjects.seal_for(subject, dict(said)).body,
        waived=tuple(sorted(said.get("waived", ()))),
        by=by.id,
        key=by.key or None,
    )
    record.append(record.event(row.application, event, rows=(row,)))
