"""What happens to addresses, each in a chain of its own. An address may hold a token, so the
record, which forgets nothing, gets its host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from equipoise.record.events import Signed, event


@event("webhook.made", 1)
class WebhookMade(Signed, frozen=True, kw_only=True):
    """An address, of what it is told, and for whom it is."""

    host: str
    events: Sequence[str]
    owner: str = msgspec.field(name="for")


@event("webhook.changed", 1)
class WebhookChanged(Signed, frozen=True, kw_only=True):
    """What was changed of an address; `why` it was switched off where nobody asked for that."""

    host: str | None = None
    events: Sequence[str] | None = None
    active: bool | None = None
    why: str | None = None


@event("webhook.removed", 1)
class WebhookRemoved(Signed, frozen=True, kw_only=True):
    """An address was removed, with its secrets and its log."""

    host: str


@event("webhook.rotated", 1)
class WebhookRotated(Signed, frozen=True, kw_only=True):
    """A new secret; both sign for `overlap` seconds."""

    overlap: float


@event("webhook.replayed", 1)
class WebhookReplayed(Signed, frozen=True, kw_only=True):
    """A message is sent once more."""

    delivery: str


@event("webhook.ping", 1)
class WebhookPing(Signed, frozen=True, kw_only=True):
    """A test, told to the address alone."""

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {"webhook": chain}
