"""The queue's own housekeeping."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from equipoise.service.platform.jobs import queue
from equipoise.service.platform.jobs.registering import every, job

_DONE, _GIVEN_UP = timedelta(days=1), timedelta(days=7)


@every(hours=1, by_age=True)
@job(attempts=1)
def forget_ended_jobs() -> int:
    """Forget jobs that were done a day ago or given up a week ago; how many were."""
    now = timezone.now()
    return queue.forget_done(now - _DONE) + queue.forget_given_up(now - _GIVEN_UP)
