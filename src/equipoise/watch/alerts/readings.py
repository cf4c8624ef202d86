"""What a reading does to an alert."""

from __future__ import annotations

from datetime import datetime

from equipoise.watch.alerts.alert import Alert, after
from equipoise.watch.alerts.clock import is_flapping
from equipoise.watch.alerts.events import (
    AlertEvent,
    Cleared,
    Closed,
    Fired,
    Inhibited,
    InhibitionEnded,
    Raised,
    RangAgain,
    Reopened,
    Severity,
)
from equipoise.watch.alerts.rules import Rules
from equipoise.watch.judging.readings import Reading


def severity_of(reading: Reading) -> Severity | None:
    """A fault of the data is never a risk; None where it does not ring."""
    if reading.fault:
        return "data"
    return "red" if reading.verdict == "red" else "amber" if reading.verdict == "amber" else None


def heard(
    alert: Alert | None,
    reading: Reading,
    *,
    owner: str,
    group: tuple[str, ...],
    rules: Rules,
    at: datetime,
) -> tuple[AlertEvent, ...]:
    """The events of a new reading. One that is insufficient neither rings nor clears."""
    severity = severity_of(reading)
    if severity is None and reading.verdict == "insufficient":
        return ()
    events: tuple[AlertEvent, ...] = ()
    if severity is None:
        return _quiet(alert, at)
    if alert is None:
        events = (Raised(at, reading.indicator, severity, group, owner),)
    elif not alert.is_open:
        events = (Reopened(at, severity),)
    else:
        returned = alert.cleared is not None and not is_flapping(alert, rules, at)
        is_worse = alert.severity == "amber" and severity != "amber"
        is_raised = alert.stage != "pending"
        events = (RangAgain(at, severity, is_news=is_raised and (returned or is_worse)),)
    now = _folded(alert, events)
    inhibition = _inhibition(now, reading, at)
    now = _folded(now, inhibition)
    fires = now.stage == "pending" and now.rang >= rules.fire_after
    return (*events, *inhibition, *((Fired(at),) if fires else ()))


def _quiet(alert: Alert | None, at: datetime) -> tuple[AlertEvent, ...]:
    if alert is None or not alert.is_open or alert.cleared is not None:
        return ()
    freed = (InhibitionEnded(at),) if alert.inhibited_by else ()
    # what never fired was never told to anybody
    ended = (Closed(at, "", "cleared"),) if alert.stage == "pending" else ()
    return (*freed, Cleared(at), *ended)


def _inhibition(alert: Alert, reading: Reading, at: datetime) -> tuple[AlertEvent, ...]:
    if reading.inhibited_by == alert.inhibited_by:
        return ()
    if reading.inhibited_by:
        return (Inhibited(at, reading.inhibited_by),)
    return (InhibitionEnded(at),)


def _folded(alert: Alert | None, events: tuple[AlertEvent, ...]) -> Alert:
    for event in events:
        alert = after(alert, event)
    if alert is None:
        raise AssertionError("a reading that rings raises an alert")
    return alert
