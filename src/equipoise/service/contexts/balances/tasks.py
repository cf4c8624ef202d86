"""Scheduled work about balances."""

from __future__ import annotations

from equipoise.service.contexts.balances import observing, retention
from equipoise.service.platform.jobs.registering import LONG, every, job


@every(hours=1)
@job(attempts=1, queue=LONG)
def observe_month() -> int:
    """Work out what this month's decisions come to."""
    return observing.observe()


@every(minutes=1)
@job(attempts=1)
def give_up_balances() -> int:
    """End the runs and sendings that no worker could do."""
    return retention.give_up()
