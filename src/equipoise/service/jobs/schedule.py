"""Scheduled jobs: put on the queue when they are due, once, whatever the number of workers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from equipoise.service.jobs.models import Due
from equipoise.service.jobs.registering import SCHEDULE

_UNFINISHED = (Status.READY, Status.RUNNING)


def settle() -> None:
    """Give every scheduled job its row, due at once where it is new; forget those of old code."""
    now = timezone.now()
    Due.objects.bulk_create([Due(name=name, next=now) for name in SCHEDULE], ignore_conflicts=True)
    Due.objects.exclude(name__in=SCHEDULE).delete()


def queue_due(now: datetime) -> list[str]:
    """Put what is due on the queue; its names.

    What was missed while no worker ran is done once. What is still on the queue from last time,
    or being worked at, is not put there again.
    """
    due = Due.objects.filter(next__lte=now, name__in=SCHEDULE)
    return [row.name for row in due if _claimed(row, now)]


def _claimed(row: Due, now: datetime) -> bool:
    scheduled = SCHEDULE[row.name]
    with transaction.atomic():
        mine = Due.objects.filter(name=row.name, next=row.next)
        if not mine.update(next=now + scheduled.period, last=now):
            return False
        waits = DBTaskResult.objects.filter(task_path=row.name, status__in=_UNFINISHED)
        if waits.exists():
            return False
        scheduled.task.enqueue()
    return True
