"""Scheduled work about conversations."""

from __future__ import annotations

from equipoise.service.contexts.conversations import services
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.record import subscriptions


@every(minutes=1)
@job(attempts=1)
def forget_conversations() -> int:
    """Have nobody wait for a person who was erased; how many events were looked at."""
    return subscriptions.forward([_ERASED])


_ERASED = subscriptions.of_erased("conversations.erased", services.forget)
