"""Scheduled work about rankings."""

from __future__ import annotations

from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.learning.models import UNFINISHED, Ranking
from equipoise.service.contexts.learning.running import fail
from equipoise.service.contexts.learning.services import propose_ended
from equipoise.service.platform.jobs.registering import LONG, every, job

_OVER = (Status.FAILED, Status.SUCCESSFUL)


@every(minutes=1)
@job(attempts=1)
def give_up_rankings() -> int:
    """End the rankings whose jobs have ended without them; how many were."""
    rows = list(Ranking.objects.filter(state__in=UNFINISHED))
    jobs = {each.job for each in rows if each.job}
    over = dict(DBTaskResult.objects.filter(id__in=jobs).values_list("id", "status"))
    left = [each for each in rows if over.get(each.job, Status.FAILED) in _OVER]
    for row in left:
        fail(row, EquipoiseError("a fault of ours ended it", mend="have it ranked again"))
    return len(left)


@every(hours=1)
@job(attempts=1, queue=LONG)
def propose_what_trials_found() -> int:
    """Propose what trials say that have ended, once their last answers are known."""
    return propose_ended()
