"""Scheduled work about standings."""

from __future__ import annotations

from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.standings import services
from equipoise.service.contexts.standings.models import UNFINISHED, Measurement
from equipoise.service.contexts.standings.running import fail
from equipoise.service.platform.jobs.registering import LONG, every, job

_OVER = (Status.FAILED, Status.SUCCESSFUL)


@every(hours=1)
@job(attempts=1, queue=LONG)
def measure_when_due() -> int:
    """Have it measured where it is time to; its number, 0 where it is not."""
    return services.ask_when_due() or 0


@every(minutes=1)
@job(attempts=1)
def give_up_measurements() -> int:
    """End the measurements whose jobs have ended without them; how many were."""
    rows = list(Measurement.objects.filter(state__in=UNFINISHED))
    jobs = {each.job for each in rows if each.job}
    over = dict(DBTaskResult.objects.filter(id__in=jobs).values_list("id", "status"))
    left = [each for each in rows if over.get(each.job, Status.FAILED) in _OVER]
    for row in left:
        fail(row, EquipoiseError("a fault of ours ended it", mend="have it measured again"))
    return len(left)
