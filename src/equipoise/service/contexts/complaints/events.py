"""What happens to a complaint, in the chain of the draft it is about; words stand sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Signed, event


class ComplaintEvent(Signed, frozen=True, kw_only=True):
    """Something about a complaint, at a moment."""

    complaint: str
    at: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {"id": self.complaint, "draft": chain}


@event("complaint.received", 1)
class ComplaintReceived(ComplaintEvent, frozen=True, kw_only=True):
    """A person complained, or asked that a fact is corrected (`matter`), over a channel and at a
    `step` of their application. The answer is due on a day, by a rule of the law (empty: the
    lender's own days), or as soon as it can be. What they said is sealed in `words`."""

    matter: str
    product: str
    channel: str
    language: str
    step: str
    due_on: str | None
    rule: str
    words: Mapping[str, Any]

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        said = {"matter": self.matter, "product": self.product}
        return {**ComplaintEvent.public(self, chain), **said, "due_on": self.due_on}


@event("complaint.answered", 1)
class ComplaintAnswered(ComplaintEvent, frozen=True, kw_only=True):
    """A person answered: `upheld`, `partly_upheld` or `not_upheld`, in sealed `words`."""

    outcome: str
    words: Mapping[str, Any]

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {**ComplaintEvent.public(self, chain), "outcome": self.outcome}


@event("complaint.overdue", 1)
class ComplaintOverdue(ComplaintEvent, frozen=True, kw_only=True):
    """Its last day is over without an answer, and the person was told whom else to turn to."""

    due_on: str
