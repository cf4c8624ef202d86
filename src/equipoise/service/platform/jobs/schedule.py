"""Scheduled jobs: put on the queue when they are due, once, whatever the number of workers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from equipoise.service.platform import clock
from equipoise.service.platform.jobs.clock import SLACK, doubtful
from equipoise.service.platform.jobs.models import Due
from equipoise.service.platform.jobs.registering import SCHEDULE, Scheduled

_SOONEST = timedelta(seconds=2)  # however fast the service's clock runs
_UNFINISHED = (Status.READY, Status.RUNNING)


def settle() -> None:
    """Give every scheduled job its row, due at once where it is new; forget those of old code."""
    now = timezone.now()
    Due.objects.bulk_create([Due(name=name, next=now) for name in SCHEDULE], ignore_conflicts=True)
    Due.objects.exclude(name__in=SCHEDULE).delete()


def queue_due(now: datetime) -> list[str]:
    """Put what is due on the queue; its names.

    What was missed while no worker ran is done once. What is still on the queue from last time,
    or being worked at, is not put there again. What goes by age is left out while the clock is in
    doubt.
    """
    rows = Due.objects.filter(name__in=SCHEDULE)
    return [row.name for row in rows if _is_due(row, now) and _claimed(row, now)]


def _is_due(row: Due, now: datetime) -> bool:
    scheduled = SCHEDULE[row.name]
    if row.next <= now or row.next > now + _every(scheduled) + SLACK:
        return True  # further ahead than a period: the clock was set back
    return scheduled.sooner is not None and scheduled.sooner() and not _waits(row.name)


def _claimed(row: Due, now: datetime) -> bool:
    scheduled = SCHEDULE[row.name]
    rests = scheduled.by_age and doubtful(now)
    with transaction.atomic():
        mine = Due.objects.filter(name=row.name, next=row.next)
        if not mine.update(next=now + _every(scheduled), last=row.last if rests else now):
            return False
        if rests or _waits(row.name):
            return False
        scheduled.task.enqueue()
    return True


def _every(scheduled: Scheduled) -> timedelta:
    """By the system's clock: where the service's runs faster, so do its jobs."""
    return max(clock.lasting(scheduled.period), min(scheduled.period, _SOONEST))


def _waits(name: str) -> bool:
    return DBTaskResult.objects.filter(task_path=name, status__in=_UNFINISHED).exists()
