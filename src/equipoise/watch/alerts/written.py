"""The rules of alerts as watch.yaml writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from equipoise.watch.alerts.calendars import Absence, Clock, LenderHours
from equipoise.watch.alerts.events import Severity
from equipoise.watch.alerts.rules import ROUND_THE_CLOCK, Rules, Step
from equipoise.watch.document.watch import WatchDocument


def rules_of(
    document: WatchDocument,
    absences: Iterable[Absence] = (),
    known_as: Callable[[str], str] = str,
) -> Rules:
    """The document's rules. `known_as` says what its people are called elsewhere, in `absences`
    too."""
    written = document.alerts
    office: Clock = LenderHours(written.calendar.calendar())
    clocks = {"always": ROUND_THE_CLOCK, "open": office}
    severities: tuple[Severity, ...] = ("red", "amber", "data")
    return Rules(
        steps={
            severity: tuple(
                Step(known_as(each.to), each.hours, clocks[each.clock])
                for each in getattr(written, severity)
            )
            for severity in severities
        },
        fire_after=written.fire_after,
        repeat=timedelta(hours=written.repeat_hours),
        flaps=written.flaps,
        flap_window=timedelta(days=written.flap_days),
        longest_silence=timedelta(days=written.longest_silence_days),
        deputies={
            known_as(each.id): known_as(each.deputy) for each in document.people if each.deputy
        },
        absences=tuple(absences),
    )
