"""Readings kept: those that were not known like this, one event for each period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from equipoise.service.contexts.watch.events import PeriodMeasured, chain_of_version
from equipoise.service.contexts.watch.folding import SYSTEM, moment
from equipoise.service.contexts.watch.models import Reading as Row
from equipoise.service.contexts.watch.models import WatchVersion
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    from equipoise.watch import Reading

FIELDS = ("value", "n", "low", "high", "baseline", "chance", "verdict", "fault", "inhibited_by")
_SAME = ("value", "n", "verdict", "fault", "inhibited_by", "detail")


@dataclass(frozen=True, slots=True)
class Delivered:
    """A reading, and what is amiss with its data."""

    reading: Reading
    detail: str = ""

    def as_row(self) -> dict[str, Any]:
        """As it is kept."""
        columns = {name: getattr(self.reading, name) for name in FIELDS}
        return {**columns, "snapshot": self.reading.snapshot, "detail": self.detail}


def keep(version: WatchVersion, delivered: Sequence[Delivered]) -> list[Delivered]:
    """Keep what is new, in the caller's transaction, which holds the version; what that was, in the
    order told."""
    known = current({each.reading.indicator for each in delivered})
    new = [each for each in delivered if _differs(each, known)]
    by_period: dict[date, list[Delivered]] = defaultdict(list)
    for each in new:
        by_period[each.reading.period].append(each)
    rows = []
    for period, of_period in sorted(by_period.items()):
        readings = tuple({"indicator": e.reading.indicator, **e.as_row()} for e in of_period)
        measured = PeriodMeasured(
            by=SYSTEM, digest=version.digest, period=period.isoformat(), readings=readings
        )
        (entry,) = record.append(record.event(chain_of_version(version.pk), measured))
        at = moment(entry.at)
        rows += [row_of(each, period, version.digest, at) for each in readings]
    Row.objects.bulk_create(rows, 500)
    return new


def row_of(columns: Mapping[str, Any], period: date, digest: str, at: Any) -> Row:
    """The row of a reading as an event tells it."""
    return Row(**columns, period=period, digest=digest, measured_at=at)


def current(indicators: Iterable[str]) -> dict[tuple[str, date], Row]:
    """The readings that count of these indicators, by indicator and period."""
    rows = Row.objects.filter(indicator__in=list(indicators)).order_by("pk")
    return {(each.indicator, each.period): each for each in rows.iterator(1000)}


def newest(indicators: Iterable[str]) -> dict[str, Row]:
    """The reading of each indicator's last period that counts."""
    wanted = Row.objects.filter(indicator__in=list(indicators))
    last = dict(wanted.values_list("indicator").annotate(Max("period")))
    rows = wanted.filter(period__in=set(last.values())).order_by("pk")
    return {each.indicator: each for each in rows if each.period == last[each.indicator]}


def _differs(reading: Delivered, known: Mapping[tuple[str, date], Row]) -> bool:
    row = known.get((reading.reading.indicator, reading.reading.period))
    mine = reading.as_row()
    return row is None or any(getattr(row, name) != mine[name] for name in _SAME)
