"""What people do with an alert. Each says which version they saw; two of them agree on its end."""

from __future__ import annotations

from datetime import datetime

from equipoise.errors import GateRefused
from equipoise.watch.alerts.alert import Alert, Stage, seen
from equipoise.watch.alerts.events import (
    Acknowledged,
    AlertEvent,
    Closed,
    ClosureAsked,
    ClosureRefused,
    Ending,
    Mitigated,
    Silenced,
    SilenceEnded,
    TreatmentBegun,
    Verified,
)
from equipoise.watch.alerts.rules import Rules

Events = tuple[AlertEvent, ...]
_TAKEN: tuple[Stage, ...] = ("acknowledged", "in_treatment", "mitigated", "verified")


class OwnWork(GateRefused):
    """Who did it cannot be who says that it is right; exit code 1."""


def acknowledge(alert: Alert, by: str, at: datetime, version: int) -> Events:
    """Take it. Raises Overtaken or GateRefused."""
    seen(alert, version)
    _require(alert, ("pending", "firing", *_TAKEN))
    return (Acknowledged(at, by),)


def begin_treatment(alert: Alert, by: str, plan: str, at: datetime, version: int) -> Events:
    """Do something about it, by a plan's name or in words."""
    seen(alert, version)
    _require(alert, ("acknowledged", "mitigated"))
    return (TreatmentBegun(at, by, _said(plan, "plan")),)


def mitigate(alert: Alert, by: str, how: str, at: datetime, version: int) -> Events:
    """Say that what was done should hold."""
    seen(alert, version)
    _require(alert, ("in_treatment",))
    return (Mitigated(at, by, _said(how, "how")),)


def verify(alert: Alert, by: str, at: datetime, version: int) -> Events:
    """Say that it does. Raises OwnWork for whoever did it, and GateRefused while it still rings."""
    seen(alert, version)
    _require(alert, ("mitigated",))
    if by == alert.treated_by:
        raise OwnWork("whoever treated it does not verify it", mend="have somebody else look at it")
    if alert.cleared is None:
        raise GateRefused(
            f"'{alert.indicator}' still rings",
            mend="wait for the next reading, or have it closed as accepted",
        )
    return (Verified(at, by),)


def ask_to_close(
    alert: Alert, by: str, ending: Ending, reason: str, *, at: datetime, version: int
) -> Events:
    """Ask for its end: resolved once it is verified; as a false alarm or accepted at any time after
    somebody has it."""
    seen(alert, version)
    _require(alert, ("verified",) if ending == "resolved" else _TAKEN)
    if ending == "cleared":
        raise GateRefused("only what was never told to anybody ends by itself", field="ending")
    return (ClosureAsked(at, by, ending, _said(reason, "reason")),)


def agree_to_close(alert: Alert, by: str, at: datetime, version: int) -> Events:
    """The second signature. Raises OwnWork for whoever asked."""
    seen(alert, version)
    asked = alert.asked
    if asked is None:
        raise GateRefused(f"nobody asked to close '{alert.indicator}'")
    if asked.by == by:
        raise OwnWork(
            "whoever asked to close it does not agree to it", mend="have somebody else agree"
        )
    return (Closed(at, by, asked.ending),)


def refuse_to_close(alert: Alert, by: str, reason: str, at: datetime, version: int) -> Events:
    """Leave it open."""
    seen(alert, version)
    if alert.asked is None:
        raise GateRefused(f"nobody asked to close '{alert.indicator}'")
    return (ClosureRefused(at, by, _said(reason, "reason")),)


def silence(
    alert: Alert,
    by: str,
    until: datetime,
    reason: str,
    *,
    rules: Rules,
    at: datetime,
    version: int,
) -> Events:
    """Have nobody told of it until then; it stays what it is, and is told of again afterwards."""
    seen(alert, version)
    _require(alert, ("pending", "firing", *_TAKEN))
    if not at < until <= at + rules.longest_silence:
        days = rules.longest_silence.days
        raise GateRefused(
            "the end of the silence lies in the past, or too far away",
            field="until",
            mend=f"silence it for at most {days} days",
        )
    return (Silenced(at, by, until, _said(reason, "reason")),)


def end_silence(alert: Alert, at: datetime, version: int) -> Events:
    """Before its time."""
    seen(alert, version)
    if alert.silenced_until is None:
        raise GateRefused(f"'{alert.indicator}' is not silenced")
    return (SilenceEnded(at),)


def _require(alert: Alert, stages: tuple[Stage, ...]) -> None:
    if alert.stage not in stages:
        wanted = " or ".join(each.replace("_", " ") for each in stages)
        raise GateRefused(
            f"the alert of '{alert.indicator}' is {alert.stage.replace('_', ' ')}",
            field="stage",
            mend=f"this is for one that is {wanted}",
        )


def _said(text: str, field: str) -> str:
    if not text.strip():
        raise GateRefused(
            "nothing says what is done, or why", field=field, mend="say it in a few words"
        )
    return text.strip()
