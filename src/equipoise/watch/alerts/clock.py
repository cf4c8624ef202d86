"""What time does to an alert: silences end, steps pass, people are told and told again."""

from __future__ import annotations

import hashlib
from datetime import datetime

from equipoise.watch.alerts.alert import Alert, after
from equipoise.watch.alerts.calendars import who_answers
from equipoise.watch.alerts.events import AlertEvent, Cause, Escalated, Notified, SilenceEnded
from equipoise.watch.alerts.rules import Rules, Step


def ticked(alert: Alert, rules: Rules, at: datetime) -> tuple[AlertEvent, ...]:
    """All that is due by `at`, in order. Ticked again at the same moment nothing is left to do; who
    was killed in between does the rest, and nothing twice."""
    events: list[AlertEvent] = []
    now = alert
    while True:
        event = _next(now, rules, at)
        if event is None:
            return tuple(events)
        events.append(event)
        now = after(now, event)


def _next(alert: Alert, rules: Rules, at: datetime) -> AlertEvent | None:
    if not alert.is_open or alert.stage == "pending":
        return None
    if alert.silenced_until is not None and alert.silenced_until <= at:
        return SilenceEnded(max(alert.silenced_until, alert.moment))
    if alert.is_quiet:
        return None
    return (
        _first_notice(alert, rules, at)
        or _escalated(alert, rules, at)
        or _reminded(alert, rules, at)
    )


def is_flapping(alert: Alert, rules: Rules, at: datetime) -> bool:
    """Whether it comes and goes so often that it is held open, and its returns are no news."""
    recent = [each for each in alert.returns if at - each <= rules.flap_window]
    return len(recent) >= rules.flaps


def _first_notice(alert: Alert, rules: Rules, at: datetime) -> Notified | None:
    """The news to whoever has it, or to whom the step names."""
    if alert.news is None or alert.news_since is None:
        return None
    return _notice(alert, rules, alert.news, alert.news_since, at)


def _escalated(alert: Alert, rules: Rules, at: datetime) -> Escalated | None:
    steps = _steps(alert, rules)
    if not alert.is_waiting or alert.step + 1 >= len(steps):
        return None
    step = steps[alert.step]
    due = step.clock.due(alert.step_since or alert.since, step.hours)
    # a step that was due before what has happened since is due now
    return Escalated(max(due, alert.moment), alert.step + 1) if due <= at else None


def _reminded(alert: Alert, rules: Rules, at: datetime) -> Notified | None:
    """As long as it rings; a flapping one counts as ringing. Of reminders that were missed while
    nobody ticked, the last alone."""
    rings = alert.cleared is None or is_flapping(alert, rules, at)
    if alert.notified is None or not rings or alert.stage == "verified":
        return None
    missed = (at - alert.notified) // rules.repeat
    due = alert.notified + missed * rules.repeat
    return _notice(alert, rules, "repeated", due, at) if missed else None


def _notice(alert: Alert, rules: Rules, cause: Cause, due: datetime, at: datetime) -> Notified:
    """To the person or who stands in; where nobody is there, to the person all the same, so that
    the next step's clock runs against somebody."""
    steps = _steps(alert, rules)
    to = steps[min(alert.step, len(steps) - 1)].to if alert.is_waiting else alert.owner
    person = who_answers(to, rules.deputies, rules.absences, at.date()) or to
    text = f"{alert.indicator}:{alert.episode}:{alert.step}:{cause}:{due.isoformat()}"
    return Notified(due, hashlib.sha256(text.encode()).hexdigest()[:32], person, cause)


def _steps(alert: Alert, rules: Rules) -> tuple[Step, ...]:
    named = rules.steps.get(alert.severity, ())
    return named or (Step(alert.owner, 24.0),)
