"""Which day a moment is for the lender whose strategy decides."""

from __future__ import annotations

from datetime import date, datetime

from equipoise.contract import day_of
from equipoise.service.contexts.registry.compiled_cache import Unusable, loaded


def lender_day(digest: str, moment: datetime) -> date:
    """The day by the contract of that strategy; where it cannot be had, the day in UTC."""
    try:
        zone = loaded(digest).content.contract.time_zone
    except Unusable:
        zone = "UTC"
    return day_of(moment, zone)
