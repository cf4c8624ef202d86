"""What workers do: follow the record, and draw what it comes to."""

from __future__ import annotations

from equipoise.service.contexts.process import tiering
from equipoise.service.contexts.process.following import FOLLOWED
from equipoise.service.platform import clock
from equipoise.service.platform.record import subscriptions


def follow() -> int:
    """Take in what the record tells since; how many events."""
    return subscriptions.forward([FOLLOWED]) + tiering.follow()


def reckon() -> int:
    """Reckon what friction costs in the workspace; how many changes were found."""
    from equipoise.service.contexts.process import ledger  # with all that solves

    return ledger.reckon(clock.now())


def draw() -> int:
    """Draw the picture of the record, and of the log that the workspace names; how many ways are on
    the first."""
    from equipoise.service.contexts.process import picturing  # with polars, which no server loads

    count = picturing.draw(clock.now())
    picturing.draw_log(clock.now())
    return count
