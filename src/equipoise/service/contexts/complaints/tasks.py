"""Scheduled work about complaints."""

from __future__ import annotations

from equipoise.service.contexts.complaints import services
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import every, job


@every(hours=1)
@job(attempts=1)
def tell_of_overdue_complaints() -> int:
    """Tell people whose complaint was not answered in time whom else to turn to; how many were."""
    return services.tell_overdue(clock.now())
