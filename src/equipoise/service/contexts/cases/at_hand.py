"""How a case may be decided: what waits, who signs, how far terms go, and by which reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from equipoise.authority import (
    AuthorityRefused,
    Directory,
    Required,
    Signature,
    able_to_sign,
)
from equipoise.errors import GateRefused
from equipoise.service.contexts.applications.reading import last_step
from equipoise.service.contexts.cases.conditions import owed
from equipoise.service.contexts.cases.deciding import LEFT
from equipoise.service.contexts.cases.models import Override, Ruling, RulingState
from equipoise.service.contexts.cases.signing import (
    at_stake,
    case_of,
    exceptions_of,
    granted,
    section_of,
)
from equipoise.service.contexts.cases.terms import facts_of, required, today
from equipoise.service.contexts.decisions.reading import DecisionView, opened_for
from equipoise.service.contexts.officers import reading as officers
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import subjects
from equipoise.strategy.decision import DECLINE

if TYPE_CHECKING:
    from equipoise.strategy.offering import Limits


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that waits: `passed` on by somebody, or `signed` by these officers; or that was
    `returned`, or holds (`decided`)."""

    state: str
    answer: str
    reasons: Sequence[str]
    officers: Sequence[str]
    passed_by: str
    level: str
    signatures: int
    at: datetime

    @property
    def left(self) -> int:
        """How many have yet to sign."""
        return max(self.signatures - len(self.officers), 0)


@dataclass(frozen=True, slots=True)
class Deciding:
    """How a decision may be answered by a person: `left` to one (or, else, only overridden), and
    whether it is the `last` of its application; who has to sign (None: nobody may), who is `able`
    to do it next, and why the reader is not (`refused`; None: they are); the `limits` of terms
    (None: nothing can be granted); the codes of reasons for a no, and of overrides with what they
    mean; what `waits`; and which checks are still `owed`, with their words, which a yes waits for
    unless it waives them."""

    left: bool
    last: bool
    required: Required | None
    able: Sequence[str]
    refused: GateRefused | None
    limits: Limits | None
    reasons: Sequence[str]
    overrides: Mapping[str, str]
    waits: Waiting | None
    owed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def refusal(self) -> str:
        """Why the reader is not able, in words; empty where they are."""
        return "" if self.refused is None else str(self.refused)


def deciding(decision: DecisionView, by: Principal) -> Deciding:
    """How it may be answered today, by this reader. Raises Withheld where they may not read the
    facts, Unreadable after an erasure."""
    from equipoise.strategy.offering import limits, reasons_to_tell

    facts = facts_of(decision, by)
    waits, signed = _waits(decision)
    left, last = decision.plain["outcome"] in LEFT, _is_last(decision)
    if decision.failed:
        return Deciding(left, last, None, (), GateRefused(_NO_STRATEGY), None, (), {}, waits)
    strategy = loaded(decision.row.digest)
    section = strategy.content.strategy.authority
    able, refused = _signers(decision, by, signed)
    return Deciding(
        left,
        last,
        required(decision, facts),
        able,
        refused,
        limits(strategy, facts["application"], today(decision)),
        reasons_to_tell(strategy.content),
        section.overrides.reasons if section and section.overrides else {},
        waits,
        owed(decision, facts) if left else {},
    )


_NO_STRATEGY = "no strategy made this decision: have the application decided again"


def _signers(
    decision: DecisionView, by: Principal, signed: Sequence[str]
) -> tuple[Sequence[str], GateRefused | None]:
    """Who may sign next for what is at stake, and why `by` may not."""
    try:
        section = section_of(decision)
    except GateRefused as error:
        return (), error
    directory: Directory = officers.directory(section)
    facts = opened_for(by, decision.row, decision.sealed)
    subject = subjects.several([decision.row.application])[decision.row.application]
    case = case_of(decision, facts, subject, at_stake(facts), exceptions_of(decision))
    able = able_to_sign(directory, case, tuple(map(Signature, signed)), today(decision))
    try:
        granted(directory, case, signed, by, today(decision))
    except AuthorityRefused as error:
        return able, error
    return able, None


def _waits(decision: DecisionView) -> tuple[Waiting | None, Sequence[str]]:
    """What waits or holds, and who signed it so far."""
    row = Ruling.objects.filter(decision=decision.row.id).first()
    if row is not None:
        signed = row.officers if row.state == RulingState.SIGNED else ()
        return (
            Waiting(
                row.state,
                row.answer,
                tuple(row.reasons),
                tuple(row.officers),
                row.passed_by if row.state == RulingState.PASSED else "",
                row.level,
                row.signatures,
                row.signed_at,
            ),
            tuple(signed),
        )
    over = Override.objects.filter(decision=decision.row.id).first()
    if over is None:
        return None, ()
    state = RulingState.DECIDED if over.complete else RulingState.SIGNED
    reasons = (over.reason,) if over.answer == DECLINE else ()
    signed = () if over.complete else tuple(over.officers)
    waiting = Waiting(
        state.value,
        over.answer,
        reasons,
        tuple(over.officers),
        "",
        over.level,
        over.signatures,
        over.signed_at,
    )
    return waiting, signed


def _is_last(decision: DecisionView) -> bool:
    return bool(last_step(decision.row.application) == decision.row.id)
