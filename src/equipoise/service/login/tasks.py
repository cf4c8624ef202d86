"""Scheduled work about logging in."""

from __future__ import annotations

from django.utils import timezone

from equipoise.service.jobs.registering import every, job
from equipoise.service.login.models import Session


@every(hours=1, by_age=True)
@job(attempts=1)
def forget_old_sessions() -> int:
    """Forget the sessions whose time is over; how many that were."""
    return Session.objects.filter(expires_at__lte=timezone.now()).delete()[0]
