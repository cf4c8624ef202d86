"""What the record tells of applications that has them wait for a person, or wait no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Recorded
from equipoise.service.contexts.asks import reading as asks
from equipoise.service.contexts.asks.events import (
    AskEvent,
    AskLapsed,
    AskMet,
    AskWithdrawn,
    CaseAnswered,
)
from equipoise.service.contexts.cases.arriving import (
    OF_DECISIONS,
    Arrival,
    end_work,
    moment_of,
    open_work,
    settle_work,
)
from equipoise.service.contexts.cases.claims import again
from equipoise.service.contexts.cases.events import (
    CaseDecided,
    CasePassed,
    CaseReturned,
    CaseSigned,
    OverrideMade,
    OverrideSigned,
    ReversalSigned,
)
from equipoise.service.contexts.cases.folding import OWN
from equipoise.service.contexts.cases.models import Work, WorkKind
from equipoise.service.contexts.cases.promised import office, own_hours
from equipoise.service.contexts.cases.reactions import react_to
from equipoise.service.contexts.cases.returning import ANSWERED, came_back_at
from equipoise.service.contexts.cases.shelf import shelf
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform.law import last_day
from equipoise.service.platform.record.events import SubjectErased
from equipoise.strategy.decision import REFER

_GONE = frozenset({"withdrawn", "lapsed"})
_NEWS: Mapping[type[AskEvent], str] = {CaseAnswered: ANSWERED, AskLapsed: "lapsed"}
react_to(*OWN)(again)


@react_to(DecisionMade)
def decided(each: Recorded[DecisionMade]) -> None:
    """A decision refers the application to a person, or is its answer."""
    event, chain, at = each.event, each.entry.chain, moment_of(each)
    outcome = event.made["outcome"]
    if outcome != REFER:
        end_work(chain, (*OF_DECISIONS, WorkKind.CONDITION), at, outcome)
        return
    day = lender_day(event.made["digest"], at)
    law = last_day("decision_complete", day)
    open_work(
        Arrival(
            kind=WorkKind.REFERRED,
            about=event.decision,
            chain=chain,
            at=at,
            application=chain,
            decision=event.decision,
            last_day=law.day if law else None,
            rule=law.rule.id if law and law.day else "",
        )
    )


@react_to(OverrideSigned)
def signed(each: Recorded[OverrideSigned]) -> None:
    """A person answered otherwise than the strategy, and another has to sign."""
    event, chain = each.event, each.entry.chain
    at, decision = moment_of(each), event.decision
    open_work(Arrival(WorkKind.SIGNATURE, decision, chain, at, chain, decision))


@react_to(OverrideMade)
def overridden(each: Recorded[OverrideMade]) -> None:
    """The last signature is there."""
    end_work(each.entry.chain, (WorkKind.SIGNATURE,), moment_of(each), each.event.answer)


@react_to(CaseSigned, CasePassed)
def answered(each: Recorded[CaseSigned | CasePassed]) -> None:
    """A person answered what was left to one, and another has to sign."""
    _turned(each, WorkKind.REFERRED, WorkKind.SIGNATURE)


@react_to(ReversalSigned)
def reversing(each: Recorded[ReversalSigned]) -> None:
    """Of a review another has to sign too: it is free for them."""
    for row in _waiting(each.entry.chain, WorkKind.REVIEW):
        if row.decision == each.event.decision:
            shelf().change(row, claimed_by="", claimed_at=None, lease_until=None)


@react_to(CaseReturned)
def returned(each: Recorded[CaseReturned]) -> None:
    """Nobody signs what waited: it is to be answered anew."""
    _turned(each, WorkKind.SIGNATURE, WorkKind.REFERRED)


@react_to(CaseDecided)
def ruled(each: Recorded[CaseDecided]) -> None:
    """The answer is there."""
    end_work(each.entry.chain, OF_DECISIONS, moment_of(each), each.event.answer)


def _turned(each: Recorded[Any], before: WorkKind, after: WorkKind) -> None:
    """One kind of work into the other: by when the customer was promised an answer stays; a
    signature may be promised sooner."""
    chain, at, decision = each.entry.chain, moment_of(each), each.event.decision
    was = next(iter(_waiting(chain, before)), None)
    end_work(chain, (before,), at, each.event.kind.partition(".")[2])
    last_day, rule = (was.last_day, was.rule) if was else (None, "")
    open_work(Arrival(after, decision, chain, at, chain, decision, last_day=last_day, rule=rule))
    if was is not None and was.due_at is not None:
        own = own_hours(after) if after == WorkKind.SIGNATURE else None
        due = was.due_at if own is None else min(was.due_at, office(was.digest).due(at, own))
        for row in _waiting(chain, after):
            shelf().change(row, due_at=due)


def _waiting(chain: str, kind: WorkKind) -> list[Work]:
    return [row for row in shelf().waiting(chain) if row.kind == kind]


@react_to(OutcomeRecorded)
def became(each: Recorded[OutcomeRecorded]) -> None:
    """Whoever withdrew waits for nobody."""
    if each.event.outcome in _GONE:
        waiting = (*OF_DECISIONS, WorkKind.CONDITION)
        end_work(each.entry.chain, waiting, moment_of(each), each.event.outcome)


@react_to(AskMet)
def met(each: Recorded[AskMet]) -> None:
    """A person saw what a yes depends on."""
    settle_work(WorkKind.CONDITION, each.event.ask, moment_of(each), "met")


@react_to(CaseAnswered, AskLapsed, AskWithdrawn)
def came_back(each: Recorded[AskEvent]) -> None:
    """What the applicant was asked waits for them no more: it is a person's turn again, first of
    all where there is something to read. What they brought for a yes that depends on it is looked
    at by one."""
    event, chain = each.event, each.entry.chain
    if asks.is_condition(event.ask):
        if isinstance(event, CaseAnswered):
            brought = (WorkKind.CONDITION, event.ask, chain, moment_of(each))
            open_work(Arrival(*brought, chain, event.decision))
        else:
            settle_work(WorkKind.CONDITION, event.ask, moment_of(each), "withdrawn")
        return
    came_back_at(each.entry.chain, moment_of(each), _NEWS.get(type(each.event), ""))


@react_to(SubjectErased)
def erased(each: Recorded[SubjectErased]) -> None:
    """Of whoever was erased no work is left."""
    shelf().forget(each.entry.chain)
