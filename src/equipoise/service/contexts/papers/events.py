"""What happens to a paper, in the chain of its draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Signed, event


class PaperEvent(Signed, frozen=True, kw_only=True):
    """Something about a paper, at a moment."""

    paper: str
    at: str


@event("paper.brought", 1)
class PaperBrought(PaperEvent, frozen=True, kw_only=True):
    """It was brought over a channel, for what is asked as `about`, a check, something unclear or a
    question of the contract's (empty: nothing in particular);
    `called`, sealed, is what its file was called."""

    channel: str
    about: str
    called: Mapping[str, Any]


@event("paper.cleared", 1)
class PaperCleared(PaperEvent, frozen=True, kw_only=True):
    """The scanner found nothing in it."""


@event("paper.refused", 1)
class PaperRefused(PaperEvent, frozen=True, kw_only=True):
    """The scanner found something in it, and its file was removed."""


@event("paper.read", 1)
class PaperRead(PaperEvent, frozen=True, kw_only=True):
    """Somebody of the lender's opened it, in the matter of that application."""

    application: str


@event("paper.removed", 1)
class PaperRemoved(PaperEvent, frozen=True, kw_only=True):
    """It is gone: `taken_back` by the applicant, `replaced` by another that answers the same, or
    `erased` with the key that it lay under."""

    why: str
