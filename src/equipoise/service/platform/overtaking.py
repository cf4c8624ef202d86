"""Whoever acts says which state they saw; where somebody was faster, they are told who and what."""

from __future__ import annotations

from equipoise.errors import GateRefused
from equipoise.record.events import Signed
from equipoise.service.platform.accounts.reading import usernames
from equipoise.service.platform.record import services as record


class Overtaken(GateRefused):
    """Somebody was first: `who` by name, and `kind` of event that they made."""

    def __init__(self, who: str, kind: str) -> None:
        super().__init__(
            f"{who} was first: {kind}", field="version", mend="look at it again, then act"
        )
        self.who = who
        self.kind = kind


def check_seen(chain: str, kind: type[Signed], serial: int, seen: int) -> None:
    """Raises Overtaken where the chain, with so many events that were `told`, has others than
    somebody saw."""
    if serial == seen:
        return
    last = record.history(chain, kind)[-1].event
    raise Overtaken(usernames([last.by]).get(last.by, last.by), last.kind)
