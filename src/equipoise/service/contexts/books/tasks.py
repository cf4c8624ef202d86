"""Scheduled work about measurings of the book."""

from __future__ import annotations

from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.books.keeping import kept_tables
from equipoise.service.contexts.books.models import Measuring, State
from equipoise.service.contexts.books.running import fail
from equipoise.service.platform.jobs.registering import LONG, every, job

_OVER = (Status.FAILED, Status.SUCCESSFUL)


@every(minutes=1)
@job(attempts=1)
def give_up_measurings() -> int:
    """End the measurings whose jobs have ended without them; how many were."""
    rows = list(Measuring.objects.filter(state=State.QUEUED))
    jobs = {each.job for each in rows if each.job}
    over = dict(DBTaskResult.objects.filter(id__in=jobs).values_list("id", "status"))
    left = [each for each in rows if over.get(each.job, Status.FAILED) in _OVER]
    for row in left:
        fail(row, EquipoiseError("a fault of ours ended it", mend="have it measured again"))
    return len(left)


@every(hours=1)
@job(attempts=1, queue=LONG)
def drop_outdated_rows() -> int:
    """Remove the rows behind the book's numbers where their tape is another by now; how many
    tables."""
    return kept_tables().drop_outdated()
