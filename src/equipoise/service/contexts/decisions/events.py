"""What happens to an application, in its chain: decided, and what became of that. And who searched
for whom, in a chain of whoever did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.record.events import Signed, event
from equipoise.service.contexts.applications.events import ApplicationState, Step

WAITING = frozenset({"ask_for_more", "refer"})  # outcomes after which more is to come


@event("decision.made", 1)
class DecisionMade(Step, frozen=True, kw_only=True):
    """A decision, which takes its application further: `made` is its open part and `facts` the
    sealed one (see `record_format`); `request` the digest of its Idempotency-Key as hex."""

    decision: str
    made: Mapping[str, Any]
    request: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        made = self.made
        return {
            "id": self.decision,
            "application": chain,
            "outcome": made["outcome"],
            "conditions": [each["name"] for each in made["conditions"]],
            "strategy": self.strategy,
            "digest": made["digest"],
        }


@event("checks.recorded", 1)
class ChecksRecorded(Signed, frozen=True, kw_only=True):
    """Somebody brought results of these `checks`, on which that decision was made for whoever began
    the application; the results stand sealed among its facts."""

    decision: str
    checks: Sequence[str]


@event("outcome.recorded", 1)
class OutcomeRecorded(Signed, frozen=True, kw_only=True):
    """What became of a decision, and on which of the lender's days; the amount is sealed."""

    decision: str
    outcome: str
    on: str
    amount: Mapping[str, Any] | None

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {
            "id": self.decision,
            "application": chain,
            "outcome": self.outcome,
            "on": self.on,
        }


@event("decisions.searched", 1)
class DecisionsSearched(Signed, frozen=True, kw_only=True):
    """Somebody searched by these fields, and found so many people, of whom the first are named:
    never the values."""

    fields: Sequence[str]
    people: int
    subjects: Sequence[str]


@event("decisions.read", 1)
class DecisionsRead(Signed, frozen=True, kw_only=True):
    """A person was told over the API what is personal of decisions, of applications of these
    `subjects`: as which answer, never what stood in it."""

    what: str
    decisions: Sequence[str]
    subjects: Sequence[str]


def search_chain(caller: str) -> str:
    """The chain in which it is told what a caller searched for, and read over the API."""
    return f"searches.{caller}"


def state_after(made: Mapping[str, Any]) -> ApplicationState:
    """Where a decision (its open part) leaves its application: open while it asks for more, waits
    for a person, or an offer waits for checks."""
    more = made["outcome"] in WAITING or made["conditions"]
    return ApplicationState.OPEN if more else ApplicationState.DECIDED
