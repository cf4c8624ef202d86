"""Which day it is for the lender: the one place that makes a day of a moment."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from equipoise.errors import BadInput, did_you_mean

_FAMOUS = "for example Europe/Amsterdam, America/New_York or Asia/Shanghai"
_OFFSET = re.compile(r"(utc|gmt|z)?\s*[+-]\s*\d", re.IGNORECASE)
# What a machine calls its own zone, or none: another machine would read another day.
_OF_THE_MACHINE = ("localtime", "factory", "posixrules", "posix/", "right/")


class Zoned(Protocol):
    """Whoever has a time zone: a contract."""

    @property
    def time_zone(self) -> str:
        """The IANA name."""


@cache
def time_zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises BadInput where there is none."""
    try:
        if name.lower().startswith(_OF_THE_MACHINE):
            raise ValueError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            f"'{name}' is not a time zone", field="time_zone", mend=_nearest_zone(name)
        ) from None


def day_of(moment: datetime, zone: str) -> date:
    """The day on which `moment` falls in the zone. Raises ValueError for a moment without one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone falls on no day")
    return moment.astimezone(time_zone(zone)).date()


def now() -> datetime:
    """This moment. Tests put another in its place."""
    return datetime.now(UTC)


def today(lender: Zoned) -> date:
    """The day it is for the lender now."""
    return day_of(now(), lender.time_zone)


def _nearest_zone(name: str) -> str:
    if _OFFSET.match(name):
        return f"name the place, as an offset knows no summer time: {_FAMOUS}"
    plain = name.strip().replace(" ", "_").lower()
    zones = sorted(each for each in available_timezones() if each != "localtime")
    for zone in zones:
        if plain in (zone.lower(), zone.lower().rpartition("/")[2]):
            return f"did you mean '{zone}'?"
    nearest = did_you_mean(name, zones)
    return nearest if nearest.startswith("did you mean") else _FAMOUS
