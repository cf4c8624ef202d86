"""Measuring what is watched, and what follows for alerts: one pass of the scheduled job."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from equipoise.service.contexts.plans import reading as plans
from equipoise.service.contexts.standings import reading as standings
from equipoise.service.contexts.watch import arriving, tables
from equipoise.service.contexts.watch.documents import parsed
from equipoise.service.contexts.watch.hearing import Duties, hear
from equipoise.service.contexts.watch.keeping import Delivered, keep, newest
from equipoise.service.contexts.watch.models import WatchVersion
from equipoise.service.contexts.watch.people import known_as, rules
from equipoise.service.contexts.watch.versions import version_in_force
from equipoise.service.platform import clock

if TYPE_CHECKING:
    from equipoise.watch import Fault, Reading, Watch

TABLE, TAPE, DRILL = "table.", "tape.", "drill."
"""Before the name of what is watched without standing in watch.yaml: that each table can be read,
that its rows go on coming, that each plan is drilled in time."""
FRONTIER = "standing.frontier"
"""That today's policy is as near to the frontier as the appetite asks for."""
_DESK = "operations"


def measure() -> int:
    """Measure by what is in force now; how many readings were new."""
    version = version_in_force()
    if version is None:
        return 0
    watch = parsed(version.text)
    today = clock.now().date()
    readings = [*_read(watch), *_drills(today), *_standing(today)]
    duties = duties_of(watch, {each.reading.indicator for each in readings})
    with transaction.atomic():
        WatchVersion.objects.select_for_update().get(pk=version.pk)  # two who measure: one at once
        before = newest(duties)
        new = keep(version, readings)
        hear(new, before, duties, rules(watch.document))
    return len(new)


def duties_of(watch: Watch, names: set[str]) -> Duties:
    """Who has an alert of each of these, and with which it is told."""
    by_name = {each.name: each for each in watch.document.indicators}
    first = known_as(watch.document.people[0].id)
    known = {each.id: known_as(each.id) for each in watch.document.people}
    duties = {}
    for name in names:
        indicator = by_name.get(name)
        if indicator is None:
            duties[name] = first, (_DESK, name.partition(".")[0])
        else:
            duties[name] = known[indicator.owner], (indicator.about, indicator.table)
    return duties


def _read(watch: Watch) -> Iterator[Delivered]:
    """All indicators whose tables can be read, and of each table whether it can."""
    from equipoise.watch import measure

    read, amiss = tables.sources(watch)
    if any(source.periods() for source in read.values()):
        for reading in measure(tables.over(watch, read), read).readings:
            yield Delivered(reading)
    today = clock.now().date()
    for table in watch.document.tables:
        detail = amiss.get(table.name, "")
        yield Delivered(
            _state(f"{TABLE}{table.name}", today, fault="unreadable" if detail else ""), detail
        )
    for name, detail in arriving.overdue(watch, read, today):
        yield Delivered(_state(f"{TAPE}{name}", today, fault="silent" if detail else ""), detail)


def _drills(today: date) -> Iterator[Delivered]:
    """Of each plan in force whether its drill is late, as of the day that it was due."""
    version = plans.in_force()
    for each in [] if version is None else plans.practised(version):
        late = each.late(today)
        detail = f"{each.due}" if late else ""
        yield Delivered(_state(f"{DRILL}{each.plan}", today, amber=late), detail)


def _standing(today: date) -> Iterator[Delivered]:
    """Whether the policy is further from the frontier than is accepted, with the draft that would
    close the distance; nothing where no distance is asked for."""
    stands = standings.distance()
    if stands is None or stands.keep_within is None:
        return
    detail = ""
    if stands.is_beyond:
        draft = f"draft {stands.draft[:12]} of measurement {stands.measurement}"
        detail = f"{stands.distance:.1%} > {stands.keep_within:.1%}"
        detail += f"; {draft}" if stands.draft else ""
    yield Delivered(_state(FRONTIER, today, amber=stands.is_beyond), detail)


def _state(name: str, on: date, *, amber: bool = False, fault: Fault = "") -> Reading:
    """A state of things as a reading: it holds, or not."""
    from equipoise.watch import Reading

    return Reading(
        indicator=name,
        period=on.replace(day=1),
        value=1.0 if amber or fault else 0.0,
        n=1,
        low=None,
        high=None,
        baseline=None,
        chance=None,
        verdict="amber" if amber else "green",
        fault=fault,
    )
