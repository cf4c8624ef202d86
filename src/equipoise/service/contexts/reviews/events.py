"""What happens to a review, in the chain of its application; words stand sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Signed, event


class ReviewEvent(Signed, frozen=True, kw_only=True):
    """Something about the review of a decision; `words` are sealed, null where there are none."""

    review: str
    decision: str
    words: Mapping[str, Any] | None


@event("review.asked", 1)
class ReviewAsked(ReviewEvent, frozen=True, kw_only=True):
    """The applicant asked that a person looks again, over a channel; the answer is due on a day,
    by a rule of the law (empty: the lender's own days), or as soon as it can be."""

    channel: str
    due_on: str | None
    rule: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {**_named(self, chain), "due_on": self.due_on}


@event("review.settled", 1)
class ReviewSettled(ReviewEvent, frozen=True, kw_only=True):
    """A person looked again: the answer is `kept`, or `overturned` by an override or by another
    person's answer in place of one's."""

    outcome: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {**_named(self, chain), "outcome": self.outcome}


def _named(event: ReviewEvent, chain: str) -> dict[str, Any]:
    return {"id": event.review, "decision": event.decision, "application": chain}
