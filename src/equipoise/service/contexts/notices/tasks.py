"""Scheduled work about notices."""

from __future__ import annotations

from equipoise.service.contexts.notices import services
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.record import subscriptions

_AT_ONCE = 200  # letters: each is set in a tenth of a second


@every(minutes=1)
@job(attempts=1)
def make_notices() -> int:
    """Make the letters that are owed; how many were made."""
    subscriptions.forward(services.OWED)
    return services.make_all(_AT_ONCE)
