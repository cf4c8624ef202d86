"""Scheduled work about the process."""

from __future__ import annotations

from equipoise.service.contexts.process import working
from equipoise.service.platform.jobs.registering import LONG, every, job


@every(minutes=5)
@job(attempts=1)
def follow_ways() -> int:
    """Take in what happened on people's ways; how many events were looked at."""
    return working.follow()


@every(hours=1)
@job(attempts=1, queue=LONG)
def draw_process() -> int:
    """Draw what it all comes to; how many ways are on the picture."""
    working.follow()
    return working.draw()


@job(attempts=2, queue=LONG)
def reckon_friction() -> int:
    """Reckon what each check costs, and what a change of it would bring; how many changes."""
    return working.reckon()
