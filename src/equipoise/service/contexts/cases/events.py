"""What people with authority do: overrides, rulings and what they do with waiting work, in the
chain of the application, and appointments, in that of the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.record.events import Signed, event
from equipoise.service.contexts.applications.events import Answered


class OverrideEvent(Signed, frozen=True, kw_only=True):
    """A person's answer against the machine's: the declared reason, the level it was given by, and
    sealed as `words` why in their own words and, where they named some, the `offer`."""

    decision: str
    machine: str
    answer: str
    reason: str
    level: str
    words: Mapping[str, Any]


@event("override.signed", 1)
class OverrideSigned(OverrideEvent, frozen=True, kw_only=True):
    """One signature of an override that needs more."""


@event("override.made", 1)
class OverrideMade(OverrideEvent, frozen=True, kw_only=True):
    """The last signature that an override needs: it holds."""


class CaseEvent(Signed, frozen=True, kw_only=True):
    """What a person does about a case that a decision left to one; sealed as `words` why, in their
    own words."""

    decision: str
    words: Mapping[str, Any]


class RulingEvent(CaseEvent, frozen=True, kw_only=True):
    """An answer where the strategy gave none (`machine` is its outcome): the `reasons` that the
    applicant is told for a no, the level it is given by, and sealed with the words the `offer` of a
    yes."""

    machine: str
    answer: str
    reasons: Sequence[str]
    level: str


@event("case.passed", 1)
class CasePassed(RulingEvent, frozen=True, kw_only=True):
    """Somebody says what they would answer where the strategy left it to a person, and leaves the
    signature to those of that level."""


@event("case.signed", 1)
class CaseSigned(RulingEvent, frozen=True, kw_only=True):
    """One signature of a person's answer, where the strategy left it to one, that needs more."""


@event("case.returned", 1)
class CaseReturned(CaseEvent, frozen=True, kw_only=True):
    """Somebody did not sign what waited: what was signed or passed on counts no more."""


@event("case.decided", 1)
class CaseDecided(Answered, frozen=True, kw_only=True):
    """The last signature of a person's answer where the strategy (`machine`) left it to one: it
    holds. `reasons` are what the applicant is told; sealed in `words` are those for colleagues,
    and the offer of a yes."""

    machine: str
    answer: str
    reasons: Sequence[str]
    level: str
    words: Mapping[str, Any]

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {
            "id": self.decision,
            "application": chain,
            "answer": self.answer,
            "reasons": list(self.reasons),
        }


class AppointmentEvent(Signed, frozen=True, kw_only=True):
    """What was done to an appointment, and which level it gives."""

    appointment: int
    level: str


@event("officer.asked", 1)
class OfficerAsked(AppointmentEvent, frozen=True, kw_only=True):
    """Authority was asked for, which another must confirm."""


@event("officer.confirmed", 1)
class OfficerConfirmed(AppointmentEvent, frozen=True, kw_only=True):
    """A second person gave it."""


@event("officer.refused", 1)
class OfficerRefused(AppointmentEvent, frozen=True, kw_only=True):
    """It was not given, or taken back before it was."""


@event("officer.ended", 1)
class OfficerEnded(AppointmentEvent, frozen=True, kw_only=True):
    """It was taken away."""


class WorkEvent(Signed, frozen=True, kw_only=True):
    """What a person did with a piece of work that waits (see `models.Work`)."""

    work: str


class WorkWithWords(WorkEvent, frozen=True, kw_only=True):
    """The same, and why in their own words: sealed, null where there are none."""

    words: Mapping[str, Any] | None


@event("work.claimed", 1)
class WorkClaimed(WorkEvent, frozen=True, kw_only=True):
    """They took it, until a moment unless they go on with it."""

    until: str


@event("work.released", 1)
class WorkReleased(WorkEvent, frozen=True, kw_only=True):
    """It is free again."""


@event("work.assigned", 1)
class WorkAssigned(WorkWithWords, frozen=True, kw_only=True):
    """It was given `to` a person, who has it until a moment unless they go on with it."""

    to: str
    until: str


@event("work.snoozed", 1)
class WorkSnoozed(WorkWithWords, frozen=True, kw_only=True):
    """It is not shown until a moment."""

    until: str


@event("work.woken", 1)
class WorkWoken(WorkEvent, frozen=True, kw_only=True):
    """It is shown again, before its time."""


@event("work.held", 1)
class WorkHeld(WorkWithWords, frozen=True, kw_only=True):
    """The customer was asked for something: the time in which a person answers stands still."""


@event("work.resumed", 1)
class WorkResumed(WorkEvent, frozen=True, kw_only=True):
    """It is a person's turn again."""


@event("work.closed", 1)
class WorkClosed(WorkEvent, frozen=True, kw_only=True):
    """It waits no more: `how` it ended."""

    how: str


@event("case.noted", 1)
class CaseNoted(Signed, frozen=True, kw_only=True):
    """Somebody of the lender's left a note for colleagues at an application, sealed in `words`."""

    decision: str
    words: Mapping[str, Any]


@event("case.looked", 1)
class CaseLooked(Signed, frozen=True, kw_only=True):
    """Somebody opened what is personal of an application, at that decision of it."""

    decision: str


class DelegationEvent(Signed, frozen=True, kw_only=True):
    """What was done to a delegation: in the lender's chain, of which level, `to` whom and between
    which of the lender's days."""

    delegation: int
    to: str
    level: str
    starts: str
    ends: str


@event("delegation.asked", 1)
class DelegationAsked(DelegationEvent, frozen=True, kw_only=True):
    """Authority is to be lent, which another must confirm."""

    reason: str


@event("delegation.confirmed", 1)
class DelegationConfirmed(DelegationEvent, frozen=True, kw_only=True):
    """A second person let it be lent."""


@event("delegation.refused", 1)
class DelegationRefused(DelegationEvent, frozen=True, kw_only=True):
    """It is not lent, or was taken back before it was."""


@event("delegation.ended", 1)
class DelegationEnded(DelegationEvent, frozen=True, kw_only=True):
    """It was ended before its last day."""


@event("absence.told", 1)
class AbsenceTold(Signed, frozen=True, kw_only=True):
    """The person is away between these days."""

    starts: str
    ends: str


@event("absence.ended", 1)
class AbsenceEnded(Signed, frozen=True, kw_only=True):
    """The person is back before the last day that was told."""

    starts: str


@event("tie.told", 1)
class TieTold(Signed, frozen=True, kw_only=True):
    """The person may not decide about somebody, who is `self`, a `relative` or one with whom they
    have `dealings`; whom, stands nowhere in words."""

    tie: int
    what: str


@event("tie.ended", 1)
class TieEnded(Signed, frozen=True, kw_only=True):
    """Another said that it holds no more."""

    tie: int
    what: str
