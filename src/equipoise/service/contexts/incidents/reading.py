"""What others may know of incidents: which are open, and each in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.incidents.chasing import Late, late
from equipoise.service.contexts.incidents.folding import Happening, Story
from equipoise.service.contexts.incidents.following import follow, happenings
from equipoise.service.contexts.incidents.models import Incident, Learnt
from equipoise.service.platform.api.paging import (
    Order,
    Paging,
    Part,
    page_of,
    read_moment,
    read_name,
)

__all__ = [
    "Happening", "Late", "Learnt", "Shown", "Story", "Summary", "listed", "of_alert", "several",
    "shown",
]  # fmt: skip
_SHOWN = 50
_NEWEST = Order("incidents", ("-reported_at", "-id"), (read_moment, read_name))


@dataclass(frozen=True, slots=True)
class Summary:
    """An incident in a list. `title` is empty where its words cannot be read."""

    id: str
    title: str
    risk: str
    severity: str
    reported_at: datetime
    closed_at: datetime | None
    learnt: Learnt
    lead: str
    late: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An incident in full: what it is, what happened in order, what is late, and `serial`, which
    whoever acts says that they saw."""

    id: str
    serial: int
    story: Story
    happenings: Sequence[Happening]
    late: Sequence[Late]


def several(now: datetime, *, open_: bool) -> list[Summary]:
    """Incidents that are open, or those closed last; the newest first."""
    rows = Incident.objects.filter(closed_at__isnull=open_).order_by("-reported_at")[:_SHOWN]
    return [_summary(row, now) for row in rows]


def listed(state: str, now: datetime, asked: Paging) -> Part[Summary]:
    """A page of all incidents, or of those that are `open` or `closed`; the newest first. Raises
    BadInput for a cursor of another list."""
    rows = Incident.objects.all()
    if state:
        rows = rows.filter(closed_at__isnull=state == "open")
    page = page_of(rows, _NEWEST, asked)
    return Part([_summary(row, now) for row in page.rows], page.next)


def of_alert(alert: str) -> list[str]:
    """The incidents that were opened from an alert."""
    rows = Incident.objects.filter(alert=alert).order_by("reported_at")
    return list(rows.values_list("pk", flat=True))


def shown(incident: str, now: datetime) -> Shown:
    """One incident. Raises DoesNotExist, Unreadable."""
    row = Incident.objects.get(pk=incident)
    story = follow(row.pk)
    return Shown(row.pk, row.serial, story, happenings(row.pk), tuple(late(story, now)))


def _summary(row: Incident, now: datetime) -> Summary:
    try:
        story = follow(row.pk)
    except Unreadable:
        story = None
    return Summary(
        id=row.pk,
        title=story.incident.title if story else "",
        risk=row.risk,
        severity=row.severity,
        reported_at=row.reported_at,
        closed_at=row.closed_at,
        learnt=Learnt(row.learnt),
        lead=story.incident.lead if story else "",
        late=sum(1 for _ in late(story, now)) if story else 0,
    )
