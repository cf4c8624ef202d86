"""Whether the record is signed in time, and of what time it is: asked by readiness and metrics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from equipoise.service.platform import clock
from equipoise.service.platform.operations.health import Amiss
from equipoise.service.platform.record.models import Event
from equipoise.service.platform.record.signing import last_checkpoint, unsigned

_LATE = timedelta(minutes=15)  # three times what signing takes at most
_AHEAD = timedelta(seconds=60)
_LATEST = "SELECT MAX(at) FROM (SELECT at FROM record_event ORDER BY sequence DESC LIMIT 1000) AS l"


def signing() -> Amiss | None:
    """What to say where entries stay unsigned: nobody signs, or what stands there may not be."""
    count = unsigned()
    if not count:
        return None
    last = last_checkpoint()
    waiting = Event.objects.filter(sequence__gt=last.upto if last else 0).order_by("sequence")
    since = waiting.values_list("at", flat=True).first() or clock.micros()
    late = clock.lasting(timedelta(microseconds=clock.micros() - since)) > _LATE
    if count <= 2 * settings.CONFIGURATION.most_unsigned and not late:
        return None
    return Amiss(
        f"{count} entries of the record are not signed: is a worker running? "
        "`equipoise record verify` says whether they may not be"
    )


def ahead() -> timedelta:
    """By how much the newest entries' time lies ahead of this machine's clock."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        latest = cursor.fetchone()[0]
    return timedelta(microseconds=max(0, (latest or 0) - clock.micros()))


def from_the_future() -> Amiss | None:
    """What to say where the newest entries are from times to come: this machine's clock is behind,
    or one was ahead when they were written."""
    lead = ahead()
    if lead <= _AHEAD:
        return None
    return Amiss(
        f"the record's newest entries lie {lead} ahead of this machine's clock: it is behind "
        "now, or was ahead then"
    )


class RecordFigures(Collector):
    """How far the record is signed, and whether it lies ahead of the clock."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure once."""
        for name, meaning, value in (
            ("unsigned", "Entries of the record that no checkpoint covers yet", unsigned()),
            ("ahead_seconds", "Seconds by which its newest entries lie ahead of the clock",
             ahead().total_seconds()),
        ):  # fmt: skip
            yield GaugeMetricFamily(f"equipoise_record_{name}", meaning, value=value)
