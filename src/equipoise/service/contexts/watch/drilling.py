"""Values that drills inject: indicators read them as they would their own, and nothing rings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from equipoise.service.contexts.plans import reading as plans
from equipoise.service.contexts.watch.documents import parsed
from equipoise.service.contexts.watch.events import ReadingInjected, chain_of_version
from equipoise.service.contexts.watch.folding import SYSTEM, moment
from equipoise.service.contexts.watch.keeping import newest
from equipoise.service.contexts.watch.models import Injected, WatchVersion
from equipoise.service.contexts.watch.versions import version_in_force
from equipoise.service.platform import clock
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    from equipoise.watch import Watch
    from equipoise.watch.plans import Run


def inject() -> int:
    """Have what is due in every drill under way be read, each value once; how many were."""
    version = version_in_force()
    drills = [each.id for each in plans.runs() if each.drill and each.closed_at is None]
    if version is None or not drills:
        return 0
    watch, now = parsed(version.text), clock.now()
    return sum(_injected(version, watch, each, plans.run(each).run, now) for each in drills)


def _injected(version: WatchVersion, watch: Watch, run_id: str, run: Run, now: datetime) -> int:
    from equipoise.watch import by_bounds

    known = {each.name: each for each in watch.document.indicators}
    drill, many = run.plan.drill, 0
    for each in drill.scenario if drill else ():
        indicator = known.get(each.indicator)
        if indicator is None or run.opened + timedelta(minutes=each.minutes) > now:
            continue
        with transaction.atomic():
            WatchVersion.objects.select_for_update().get(pk=version.pk)
            named: dict[str, Any] = {
                "run": run_id,
                "indicator": each.indicator,
                "value": each.value,
            }
            if Injected.objects.filter(**named).exists():
                continue
            last = newest([each.indicator]).get(each.indicator)
            baseline = (last.baseline if last else None) or 0.0
            verdict = by_bounds(indicator, each.value, baseline)
            event = ReadingInjected(by=SYSTEM, verdict=verdict, **named)
            (entry,) = record.append(record.event(chain_of_version(version.pk), event))
            Injected.objects.create(**named, verdict=verdict, at=moment(entry.at))
            many += 1
    return many
