"""What people are asked and say of how it went, in the draft's chain: each is about a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Signed, event


class FeedbackEvent(Signed, frozen=True, kw_only=True):
    """Something about an ask: after which `moment`, about which `step`, when."""

    ask: str
    moment: str
    step: str
    at: str


@event("feedback.asked", 1)
class FeedbackAsked(FeedbackEvent, frozen=True, kw_only=True):
    """A person is asked from now on. `outcome` is the decision's, empty before one."""

    product: str
    channel: str
    language: str
    outcome: str


@event("feedback.scored", 1)
class FeedbackScored(FeedbackEvent, frozen=True, kw_only=True):
    """They tapped a `score`: of `satisfaction` (1 to 5) or `effort` (1 to 7, the higher the
    easier). The last one counts."""

    scale: str
    score: int


@event("feedback.said", 1)
class FeedbackSaid(FeedbackEvent, frozen=True, kw_only=True):
    """They added words, which are sealed."""

    words: Mapping[str, Any]


@event("feedback.dismissed", 1)
class FeedbackDismissed(FeedbackEvent, frozen=True, kw_only=True):
    """They would rather not say."""
