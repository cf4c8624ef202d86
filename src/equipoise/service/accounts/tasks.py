"""Scheduled work about accounts."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone

from equipoise.service.jobs.registering import every, job


@every(hours=1)
@job(attempts=1)
def forget_old_sessions() -> int:
    """Forget the sessions whose time is over."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
