"""Scheduled work about hindsight."""

from __future__ import annotations

from equipoise.service.contexts.hindsight import working
from equipoise.service.platform.jobs.registering import LONG, every, job


@every(minutes=5)
@job(attempts=1)
def follow_overrides() -> int:
    """Take in who decided against the strategy and what became of it; how many events."""
    return working.follow()


@every(hours=24)
@job(attempts=1, queue=LONG)
def judge_overrides() -> int:
    """Hold overrides against what the strategy expected; how many."""
    return working.judge()
