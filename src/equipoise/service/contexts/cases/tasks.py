"""Scheduled work about cases."""

from __future__ import annotations

from equipoise.service.contexts.cases import ordering, reactions
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.record import subscriptions


@every(seconds=20)
@job(attempts=1)
def follow_cases() -> int:
    """Have people see what waits for them, in the desk's order; how many events there were."""
    handed = subscriptions.forward([reactions.followed()])
    ordering.order_anew()
    return handed
