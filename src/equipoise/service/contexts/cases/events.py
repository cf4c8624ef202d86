"""What people with authority do: overrides, rulings and what they do with waiting work, in the
chain of the application."""

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

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        answers = {"answer": self.answer, "machine": self.machine}
        return {"id": self.decision, "application": chain, **answers}


class CaseEvent(Signed, frozen=True, kw_only=True):
    """What a person does about a case that a decision left to one; sealed as `words` why, in their
    own words."""

    decision: str
    words: Mapping[str, Any]


class RulingEvent(CaseEvent, frozen=True, kw_only=True):
    """An answer where the strategy gave none (`machine` is its outcome): the `reasons` that the
    applicant is told for a no, the level it is given by, the checks still owed that a yes is given
    without (`waived`), and sealed with the words the `offer` of a yes and why those are waived."""

    machine: str
    answer: str
    reasons: Sequence[str]
    level: str
    waived: Sequence[str] = ()


@event("case.passed", 1)
class CasePassed(RulingEvent, frozen=True, kw_only=True):
    """Somebody says what they would answer where the strategy left it to a person, and leaves the
    signature to those of that level."""


@event("case.signed", 1)
class CaseSigned(RulingEvent, frozen=True, kw_only=True):
    """One signature of a person's answer, where the strategy left it to one, that needs more."""


@event("reversal.signed", 1)
class ReversalSigned(RulingEvent, frozen=True, kw_only=True):
    """One signature, of more that are needed, of an answer in place of one that a person gave: its
    applicant had asked that another looks again. The last signature is a `case.decided`."""


@event("reversal.dropped", 1)
class ReversalDropped(CaseEvent, frozen=True, kw_only=True):
    """Another person kept what stood: what was signed in its place counts no more."""


@event("case.returned", 1)
class CaseReturned(CaseEvent, frozen=True, kw_only=True):
    """Somebody did not sign what waited: what was signed or passed on counts no more."""


@event("case.decided", 1)
class CaseDecided(Answered, frozen=True, kw_only=True):
    """The last signature of a person's answer where the strategy (`machine`) left it to one, or in
    place of what another person had answered: it holds. `reasons` are what the applicant is told;
    sealed in `words` are those for colleagues, and the offer of a yes. Of the checks still owed it
    waits for those that are not `waived`."""

    machine: str
    answer: str
    reasons: Sequence[str]
    level: str
    words: Mapping[str, Any]
    waived: Sequence[str] = ()

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {
            "id": self.decision,
            "application": chain,
            "answer": self.answer,
            "reasons": list(self.reasons),
        }


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
