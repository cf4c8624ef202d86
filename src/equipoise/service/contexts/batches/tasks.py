"""Scheduled work about batches."""

from __future__ import annotations

from equipoise.service.contexts.batches import retention as keeping
from equipoise.service.platform.jobs.registering import every, job


@every(hours=1, by_age=True)
@job(attempts=1)
def expire_batches() -> int:
    """Remove the files whose time is over."""
    return keeping.expire()


@every(minutes=1)
@job(attempts=1)
def give_up_batches() -> int:
    """End the batches that no worker could decide."""
    return keeping.give_up()
