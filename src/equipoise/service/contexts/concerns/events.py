"""What happens to a concern, in the chain of its application; words stand sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.record.events import Signed, event


class ConcernEvent(Signed, frozen=True, kw_only=True):
    """Something about what is unclear by a decision."""

    concern: str
    decision: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {"id": self.concern, "decision": self.decision, "application": chain}


@event("concern.raised", 1)
class ConcernRaised(ConcernEvent, frozen=True, kw_only=True):
    """The decision's reason `code` says that something is unclear, for the first time or still."""

    code: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {**super().public(chain), "code": self.code}


@event("concern.answered", 1)
class ConcernAnswered(ConcernEvent, frozen=True, kw_only=True):
    """The applicant answered over a channel, in words (sealed, null where there are none) or with
    these `papers`; a person reads it by `due_on`, a day of the lender's, where one is set."""

    channel: str
    words: Mapping[str, Any] | None
    papers: Sequence[str]
    due_on: str | None
    at: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {**super().public(chain), "due_on": self.due_on}


@event("concern.closed", 1)
class ConcernClosed(ConcernEvent, frozen=True, kw_only=True):
    """A person read it: it is `cleared`, or it `stands`, and why (sealed); or the application was
    `decided_anew` without it, and nobody had to."""

    outcome: str
    words: Mapping[str, Any] | None

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {**super().public(chain), "outcome": self.outcome}
