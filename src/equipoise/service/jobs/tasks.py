"""The queue's own housekeeping."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from equipoise.service.jobs import queue
from equipoise.service.jobs.registering import every, job

_KEPT = timedelta(days=7)


@every(hours=1)
@job(attempts=1)
def forget_ended_jobs() -> int:
    """Forget jobs that ended a week ago."""
    return queue.forget_ended(timezone.now() - _KEPT)
