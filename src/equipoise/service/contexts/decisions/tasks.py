"""Scheduled work about decisions."""

from __future__ import annotations

from equipoise.service.contexts.decisions import idempotency
from equipoise.service.platform.jobs.registering import every, job


@every(minutes=15, by_age=True)
@job(attempts=1)
def forget_old_keys() -> int:
    """Forget the Idempotency-Keys whose day is over."""
    return idempotency.forget_old()
