"""Scheduled work about allowances."""

from __future__ import annotations

from django.utils import timezone

from equipoise.service.platform.allowances.leases import forget_over
from equipoise.service.platform.jobs.registering import every, job


@every(hours=1, by_age=True)
@job(attempts=1)
def forget_taken() -> int:
    """Forget what was taken in spans that are over; how many rows."""
    return forget_over(timezone.now())
