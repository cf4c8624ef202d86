"""What is said in a conversation, in its draft's chain: the words sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Signed, event


class Turn(Signed, frozen=True, kw_only=True):
    """Somebody's turn, at a moment, in a language."""

    language: str
    at: str


class Said(Turn, frozen=True, kw_only=True):
    """A turn in words, which are sealed."""

    words: Mapping[str, Any]


@event("conversation.asked", 1)
class Asked(Said, frozen=True, kw_only=True):
    """The applicant asked, or chose `text` from a menu."""

    text: str


@event("conversation.answered", 1)
class Answered(Said, frozen=True, kw_only=True):
    """The helper replied: `reply` says of what kind, and `text`, `edition` and `digest` by which
    approved text; empty and 0 where it was none."""

    reply: str
    text: str
    edition: int
    digest: str


@event("conversation.handed_over", 1)
class PersonAsked(Turn, frozen=True, kw_only=True):
    """A person takes over: `why`, and which urgent `topic` was noticed, if any."""

    why: str
    topic: str


@event("conversation.replied", 1)
class Replied(Said, frozen=True, kw_only=True):
    """A person of the lender's wrote."""


@event("conversation.given_back", 1)
class GivenBack(Turn, frozen=True, kw_only=True):
    """The person is done, and the helper answers again."""
