"""Scheduled work about the watch."""

from __future__ import annotations

from equipoise.service.contexts.watch import drilling, starting, telling
from equipoise.service.platform.jobs.registering import LONG, every, job


@every(hours=1)
@job(attempts=1, queue=LONG)
def measure_watch() -> int:
    """Measure what is watched, and have alerts follow; how many readings were new."""
    from equipoise.service.contexts.watch import measuring  # with polars, which no server loads

    return measuring.measure()


@every(minutes=1)
@job(attempts=1)
def tell_of_alerts() -> int:
    """Begin plans that begin by themselves, have what is due happen to alerts, and tell whoever is
    to be told; how much happened."""
    return starting.begin_triggered() + telling.tick() + telling.tell()


@every(minutes=1)
@job(attempts=1)
def inject_readings() -> int:
    """Have indicators read what drills under way inject by now; how many values."""
    return drilling.inject()


@job(queue=LONG)
def backtest_watch(by: str, key: str) -> int:
    """Hold the indicators in force against history, for whoever asked; how many have a test."""
    from equipoise.service.contexts.watch import backtesting  # with polars, which no server loads

    return backtesting.backtest(by, key)
