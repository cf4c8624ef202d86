"""Scheduled work about arrivals."""

from __future__ import annotations

from equipoise.service.contexts.arrivals import services
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.record import subscriptions


@every(minutes=5)
@job(attempts=1)
def sum_up_waits() -> int:
    """Follow the record, and sum up how long applicants wait; how many waits count."""
    subscriptions.forward([services.FOLLOWED])
    return services.sum_up()
