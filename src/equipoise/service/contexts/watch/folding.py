"""An alert as the record tells it: the library's events as the record keeps them, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from equipoise.record.events import Recorded
from equipoise.service.contexts.watch import events as kept
from equipoise.service.contexts.watch.events import AlertChange
from equipoise.service.contexts.watch.models import Alert as Row
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

if TYPE_CHECKING:
    from equipoise.watch import Alert, AlertEvent

SYSTEM = "system.watch"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_KINDS: Mapping[str, type[AlertChange]] = {
    "Raised": kept.AlertRaised,
    "Fired": kept.AlertFired,
    "RangAgain": kept.AlertRang,
    "Cleared": kept.AlertCleared,
    "Acknowledged": kept.AlertAcknowledged,
    "TreatmentBegun": kept.AlertTreated,
    "Mitigated": kept.AlertMitigated,
    "Verified": kept.AlertVerified,
    "ClosureAsked": kept.AlertClosingAsked,
    "ClosureRefused": kept.AlertClosingRefused,
    "Closed": kept.AlertClosed,
    "Reopened": kept.AlertReopened,
    "Silenced": kept.AlertSilenced,
    "SilenceEnded": kept.AlertSilenceEnded,
    "Inhibited": kept.AlertInhibited,
    "InhibitionEnded": kept.AlertInhibitionEnded,
    "Escalated": kept.AlertEscalated,
    "Notified": kept.AlertNotified,
}
"""The library's events by their names, as the record keeps each."""
_NAMES = {type_: name for name, type_ in _KINDS.items()}
_WORDS = ("plan", "how", "reason")
"""What somebody says in their own words: it stands sealed."""
Opened = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Followed:
    """An alert, its row, and all that happened to it, oldest first, with the words said."""

    row: Row
    alert: Alert
    happened: tuple[Recorded[AlertChange], ...]
    words: Mapping[int, str]  # by sequence


def follow(row: Row) -> Followed:
    """The alert as all that is recorded of it makes it."""
    from equipoise.watch import folded

    happened = record.history(row.pk, AlertChange)
    opener = partial(subjects.opened, subjects.several([row.pk]).get(row.pk))
    words = {each.sequence: _said(each.event, opener) for each in happened}
    alert = folded(library_event(each.event, words[each.sequence]) for each in happened)
    return Followed(row, alert, tuple(happened), words)


def kept_event(
    happened: AlertEvent,
    about: Alert,
    sealed: Callable[[str], Mapping[str, Any]],
    *,
    by: str = SYSTEM,
    key: str | None = None,
    **more: Any,
) -> AlertChange:
    """The event as the record keeps it; `about` is the alert before it (or after its first), and
    `sealed` seals words."""
    type_ = _KINDS[type(happened).__name__]
    names = type_.__struct_fields__
    values: dict[str, Any] = {"moment": micros(happened.at), "by": by, "key": key}
    for each in fields(happened):
        value = getattr(happened, each.name)
        if each.name in _WORDS:
            values["words"] = sealed(value)
        elif each.name in names and each.name != "by":
            values[each.name] = micros(value) if isinstance(value, datetime) else value
    for name in ("indicator", "severity"):
        if name in names:
            values.setdefault(name, getattr(about, name))
    return type_(**values, **more)


def library_event(event: AlertChange, words: str) -> AlertEvent:
    """The same as the library folds it."""
    import equipoise.watch

    type_ = getattr(equipoise.watch, _NAMES[type(event)])
    values: dict[str, Any] = {"at": moment(event.moment)}
    for each in fields(type_):
        if each.name == "by":
            values["by"] = "" if event.by == SYSTEM else event.by
        elif each.name in _WORDS:
            values[each.name] = words
        elif each.name != "at":
            value = getattr(event, each.name)
            values[each.name] = moment(value) if each.name == "until" else value
    made: AlertEvent = type_(**values)
    return made


def project(row: Row, alert: Alert) -> None:
    """Make the row what the alert is; it is not saved."""
    row.indicator, row.severity, row.stage = alert.indicator, alert.severity, alert.stage
    row.group, row.owner = " · ".join(alert.group), alert.owner
    row.version, row.episode = alert.version, alert.episode
    row.since, row.cleared_at = alert.since, alert.cleared
    row.silenced_until, row.inhibited_by = alert.silenced_until, alert.inhibited_by


def micros(at: datetime) -> int:
    """A moment as the record has it."""
    return (at - _EPOCH) // _MICROSECOND


def moment(micros_: int) -> datetime:
    """The moment again."""
    return _EPOCH + timedelta(microseconds=micros_)


def _said(event: AlertChange, opener: Opened) -> str:
    words = getattr(event, "words", None)
    return str(opener(words)["words"]) if words else ""
