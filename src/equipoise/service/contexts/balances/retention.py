"""What becomes of runs whose jobs were given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.balances.models import UNFINISHED, Run, Sending, State
from equipoise.service.contexts.balances.running import fail

Row = TypeVar("Row", Run, Sending)
_OVER = (Status.FAILED, Status.SUCCESSFUL)


def give_up() -> int:
    """End the runs and sendings whose jobs have ended without them; how many were."""
    runs = _left(list(Run.objects.filter(state__in=UNFINISHED)))
    for run in runs:
        run.refresh_from_db()  # it may have ended just now
        if run.state in UNFINISHED:
            fail(run, EquipoiseError("a fault of ours ended it", mend="solve it again"))
    sendings = _left(list(Sending.objects.filter(state__in=UNFINISHED)))
    for sending in sendings:
        open_ = Sending.objects.filter(pk=sending.pk, state__in=UNFINISHED)
        open_.update(state=State.FAILED, fault="a fault of ours ended it; send it again")
    return len(runs) + len(sendings)


def _left(rows: Sequence[Row]) -> list[Row]:
    """Those of which no job is at work or waits."""
    jobs = {each.job for each in rows if each.job}
    over = dict(DBTaskResult.objects.filter(id__in=jobs).values_list("id", "status"))
    return [each for each in rows if over.get(each.job, Status.FAILED) in _OVER]
