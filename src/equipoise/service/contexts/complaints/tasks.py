"""Scheduled work about complaints."""

from __future__ import annotations

from equipoise.service.contexts.complaints import services
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.record import subscriptions


@every(hours=1)
@job(attempts=1)
def tell_of_overdue_complaints() -> int:
    """Tell people whose complaint was not answered in time whom else to turn to; how many were."""
    return services.tell_overdue(clock.now())


@every(minutes=1)
@job(attempts=1)
def forget_complaints() -> int:
    """Take out of complaints by what whoever was erased knew them; how many events were looked
    at."""
    return subscriptions.forward([_ERASED])


_ERASED = subscriptions.of_erased("complaints.erased", services.forget)
