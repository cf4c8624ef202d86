"""Scheduled work about feedback."""

from __future__ import annotations

from equipoise.service.contexts.feedback import asking
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.record import subscriptions


@every(minutes=5)
@job(attempts=1)
def ask_how_it_went() -> int:
    """Ask those who have an answer; how many events were looked at."""
    return subscriptions.forward([asking.ASKS])


@every(hours=1)
@job(attempts=1)
def ask_who_left_off() -> int:
    """Write to those who left off; how many were."""
    return asking.ask_who_left_off(clock.now())
