"""Scheduled work about logging in."""

from __future__ import annotations

from django.utils import timezone

from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.login import devices, guesses
from equipoise.service.platform.login.models import Device, Guesses, Remembered, Session


@every(hours=1, by_age=True)
@job(attempts=1)
def forget_what_is_over() -> int:
    """Forget sessions, guesses, used codes and known browsers whose time is over; how many."""
    now = timezone.now()
    over = (
        Session.objects.filter(expires_at__lte=now),
        Remembered.objects.filter(expires_at__lte=now),
        Guesses.objects.filter(last_at__lt=now - guesses.FORGOTTEN, next_at__lt=now),
        Device.objects.filter(seen_at__lt=now - devices.KNOWN_FOR),
    )
    return sum(rows.delete()[0] for rows in over)
