"""What workers do: follow the record, and judge overrides."""

from __future__ import annotations

from equipoise.service.contexts.hindsight.following import FOLLOWED
from equipoise.service.platform import clock
from equipoise.service.platform.record import subscriptions


def follow() -> int:
    """Take in what the record tells since; how many events."""
    return subscriptions.forward([FOLLOWED])


def judge() -> int:
    """Judge all overrides by now; how many."""
    from equipoise.service.contexts.hindsight import judging  # with polars, which no server loads

    follow()
    return judging.judge(clock.now())
