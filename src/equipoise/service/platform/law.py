"""The law that the service is told to heed: the pack of its jurisdiction, as it holds on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from equipoise.jurisdiction import Body, Deadline, Kind, Pack, deadline, pack

_OFFICE = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Open from Monday to Friday, without holidays: what is counted by where nobody says more."""

    @property
    def hours(self) -> Mapping[str, tuple[tuple[int, int], ...]]:
        return dict.fromkeys(_OFFICE, ((9, 17),))

    @property
    def holidays(self) -> frozenset[date]:
        return frozenset()


@dataclass(frozen=True, slots=True)
class Clock:
    """The last day, None where nobody sets one; `rule` is the law's that does, else empty."""

    day: date | None
    rule: str


def pack_on(day: date) -> Pack | None:
    """The pack that holds on the day; None where the service heeds no law."""
    name = settings.CONFIGURATION.jurisdiction
    return pack(name, on=day) if name else None


def last_day(kind: Kind, start: date) -> Deadline | None:
    """The law's last day of a clock that runs from `start`, and how it was counted in the language
    spoken now; None where no law is heeded, or it has no such clock."""
    law = pack_on(start)
    if law is None or all(rule.kind != kind for rule in law.rules):
        return None
    return deadline(law, kind, start, Weekdays())


def sooner(kind: Kind, own: int | None, start: date) -> Clock:
    """The law's last day of a clock, or the lender's where its `own` days are over sooner."""
    law = last_day(kind, start)
    ours = None if own is None else start + timedelta(days=own)
    if law is None or law.day is None or (ours is not None and ours < law.day):
        return Clock(ours, "")
    return Clock(law.day, law.rule.id)


def bodies_on(day: date) -> Sequence[Body]:
    """To whom a person can turn whose complaint was not settled, by the law of that day."""
    law = pack_on(day)
    return () if law is None else law.bodies
