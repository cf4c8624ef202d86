"""How long alerts may wait, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from equipoise.watch.alerts.calendars import Absence, Always, Clock
from equipoise.watch.alerts.events import Severity

ROUND_THE_CLOCK = Always()


@dataclass(frozen=True, slots=True)
class Step:
    """Who is told, and how many hours of their clock they have before the next is."""

    to: str
    hours: float
    clock: Clock = ROUND_THE_CLOCK


@dataclass(frozen=True, slots=True)
class Rules:
    """`fire_after` readings in a row before an alert fires. `steps` by severity: the first is told
    at once. `repeat` is how often whoever has an open alert is reminded. Within `flap_window`, one
    that comes back `flaps` times is held open, and each return is no news. `longest_silence` bounds
    silences. `deputies` stand in for whoever is away.
    """

    steps: Mapping[Severity, tuple[Step, ...]]
    fire_after: int = 1
    repeat: timedelta = timedelta(hours=24)
    flaps: int = 3
    flap_window: timedelta = timedelta(days=90)
    longest_silence: timedelta = timedelta(days=30)
    deputies: dict[str, str] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()
