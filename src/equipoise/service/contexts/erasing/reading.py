"""What others may know of erasures: whom one would be of, what it would do, and how far each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from equipoise.service.contexts.erasing.models import Erasure, State
from equipoise.service.contexts.erasing.people import Person, person_of, searchable_fields
from equipoise.service.contexts.erasing.plan import Plan, plan_for, preview

__all__ = [
    "Person",
    "Plan",
    "Progress",
    "Unknown",
    "newest",
    "person_of",
    "plan_for",
    "preview",
    "progress_of",
    "searchable_fields",
]


class Unknown(LookupError):
    """No erasure has that id."""


@dataclass(frozen=True, slots=True)
class Progress:
    """An erasure as it is told: ids, counts and our own words. It is done once `files` of `bytes`
    in all were looked through; until then `waits` says for what."""

    id: str
    by: str
    reason: str
    state: str
    applications: Sequence[str]
    decisions: int
    batches: Sequence[str]
    waits: Sequence[str]
    files: int | None
    bytes: int | None
    remarks: Sequence[str]
    made_at: datetime
    done_at: datetime | None


def newest(most: int) -> list[Progress]:
    """The newest erasures."""
    return [shown(each) for each in Erasure.objects.order_by("-pk")[:most]]


def progress_of(erasure: str) -> Progress:
    """How far the erasure of that id is. Raises Unknown."""
    row = Erasure.objects.filter(pk=erasure).first()
    if row is None:
        raise Unknown(erasure)
    return shown(row)


def shown(erasure: Erasure) -> Progress:
    """The row of an erasure as others know it."""
    report = erasure.report
    return Progress(
        id=erasure.pk,
        by=erasure.by,
        reason=erasure.reason,
        state=erasure.state,
        applications=erasure.subjects,
        decisions=report.get("decisions", 0),
        batches=report.get("batches", []),
        waits=[] if erasure.state == State.DONE else report.get("waits", []),
        files=report.get("files"),
        bytes=report.get("bytes"),
        remarks=report.get("remarks", []),
        made_at=erasure.made_at,
        done_at=erasure.done_at,
    )
