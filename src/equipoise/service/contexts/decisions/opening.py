"""The one door to what is sealed: whoever is told of it needs the right to read it over that row.

No address opens anything by itself. It names its reader here, and here the right is looked at; the
service opens for its own work (to decide, to replay, to hold a shadow against it), of which nothing
sealed is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.errors import EquipoiseError
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.accounts.services import Owned, covers
from equipoise.service.platform.record.subjects import open_sealed


class Withheld(EquipoiseError):
    """What is asked for is personal, and the reader may not read it here."""

    def __init__(self, right: Action = Action.READ_PERSONAL) -> None:
        super().__init__(f"this needs the right '{right.value}'")


def may_read(by: Principal, row: Owned, right: Action = Action.READ_PERSONAL) -> bool:
    """Whether the reader may read what the row holds of people."""
    over = by.reach(right)
    return over is not None and covers(by, over, row)


def opened_for(by: Principal, row: Owned, sealed: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed part, for that reader. Raises Withheld, and Unreadable after an erasure."""
    if not may_read(by, row):
        raise Withheld
    return open_sealed(sealed)


def opened_for_us(sealed: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed part for work of the service's own: nothing of it may be told to anyone, but to
    whoever sent it. Raises Unreadable after an erasure."""
    return open_sealed(sealed)
