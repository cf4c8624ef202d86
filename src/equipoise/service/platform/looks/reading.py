"""Who looked at what: by person, by whose application, and by day, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from equipoise.record.events import Event, Recorded
from equipoise.service.platform.looks.models import Look
from equipoise.service.platform.record import services as record

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which looks: by whom, at which of these chains, and between which moments (the second not
    included); empty: all."""

    by: str = ""
    subjects: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A look: the event that tells of it, who looked, at whose chain (empty: at nobody's in
    particular), and when. `number` sorts looks."""

    number: int
    by: str
    subject: str
    at: datetime
    event: Event


def newest(wanted: Wanted, before: int | None, most: int) -> list[Looked]:
    """So many looks at most, the newest first; those before a look's number where it is given."""
    rows = _rows(wanted)
    rows = rows if before is None else rows.filter(pk__lt=before)
    return _looked(list(rows.order_by("-pk")[:most]))


def every(wanted: Wanted) -> Iterator[Looked]:
    """All of them, the newest first."""
    before: int | None = None
    while part := newest(wanted, before, _AT_ONCE):
        yield from part
        before = part[-1].number


def _rows(wanted: Wanted) -> QuerySet[Look]:
    rows = Look.objects.all()
    rows = rows.filter(by=wanted.by) if wanted.by else rows
    rows = rows.filter(subject__in=wanted.subjects) if wanted.subjects else rows
    if wanted.since is not None:
        rows = rows.filter(at__gte=_micros(wanted.since))
    return rows if wanted.until is None else rows.filter(at__lt=_micros(wanted.until))


def _looked(rows: list[Look]) -> list[Looked]:
    recorded = record.at({row.sequence for row in rows})
    return [_look(row, recorded[row.sequence]) for row in rows if row.sequence in recorded]


def _look(row: Look, recorded: Recorded[Event]) -> Looked:
    at = datetime.fromtimestamp(row.at / 1e6, UTC)
    return Looked(row.pk, row.by, row.subject, at, recorded.event)


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1e6)
