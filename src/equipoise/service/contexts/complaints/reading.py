"""What others may know of complaints: those of a draft, and those that wait for an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from equipoise.service.contexts.complaints.clock import answered_by, counted
from equipoise.service.contexts.complaints.events import (
    ComplaintAnswered,
    ComplaintEvent,
    ComplaintReceived,
)
from equipoise.service.contexts.complaints.models import (
    NO_DAY,
    Complaint,
    ComplaintOutcome,
    ComplaintState,
    Matter,
)
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.api.paging import Order, Paging, Part, page_of, read_name
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "ComplaintOutcome",
    "ComplaintState",
    "ComplaintView",
    "Matter",
    "Said",
    "answered_by",
    "by_row",
    "complained",
    "in_full",
    "listed",
    "of_draft",
    "shown",
]


def _read_day(value: Any) -> date:
    if not isinstance(value, str):
        raise ValueError(value)
    return date.fromisoformat(value)


_BY_CLOCK = Order("complaints", ("last_day", "id"), (_read_day, read_name))


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """A complaint as it stands; `outcome` is empty until it is answered, `counted` says how the
    last day was counted, in the language spoken when it was read."""

    id: str
    reference: str
    draft: str
    matter: Matter
    product: str
    language: str
    channel: str
    step: str
    state: ComplaintState
    outcome: str
    received_at: datetime
    due_on: date | None
    rule: str
    counted: str
    overdue: bool
    answered_by: str
    answered_at: datetime | None

    @property
    def waits(self) -> bool:
        return self.state == ComplaintState.OPEN


@dataclass(frozen=True, slots=True)
class Said:
    """A complaint with what was said in it, and the answer, empty until there is one."""

    complaint: ComplaintView
    words: str
    answer: str


def of_draft(draft: str) -> list[Said]:
    """Those of a draft, the newest first, to be shown to whoever made them. Raises Unreadable after
    an erasure."""
    return _said(draft, Complaint.objects.filter(draft=draft).order_by("-pk"))


def in_full(complaint: str) -> Said:
    """One with its words, for who answers people. Raises DoesNotExist, and Unreadable."""
    row = Complaint.objects.get(pk=complaint)
    return _said(row.draft, [row])[0]


def listed(state: str, paging: Paging) -> Part[Complaint]:
    """A page of them, those first whose last day comes first; in one state, or in any where that is
    empty. Raises BadInput for a wrong cursor."""
    rows = Complaint.objects.filter(state=state) if state else Complaint.objects.all()
    return page_of(rows, _BY_CLOCK, paging)


def complained(drafts: Collection[str]) -> bool:
    """Whether anything was complained of in one of these."""
    return Complaint.objects.filter(draft__in=drafts, matter=Matter.COMPLAINT).exists()


def shown(row: Complaint) -> ComplaintView:
    """The row as others see it."""
    matter = Matter(row.matter)
    return ComplaintView(
        row.id,
        row.reference,
        row.draft,
        matter,
        row.product,
        row.language,
        row.channel,
        row.step,
        ComplaintState(row.state),
        row.outcome,
        row.received_at,
        None if row.last_day == NO_DAY else row.last_day,
        row.rule,
        counted(matter, lender_day(row.digest, row.received_at), row.rule),
        row.overdue_told_at is not None,
        row.answered_by,
        row.answered_at,
    )


def _said(draft: str, rows: Iterable[Complaint]) -> list[Said]:
    subject = subjects.several([draft]).get(draft)
    words: dict[tuple[str, type[ComplaintEvent]], str] = {}
    for each in record.history(draft, ComplaintReceived, ComplaintAnswered):
        event = each.event
        if isinstance(event, ComplaintReceived | ComplaintAnswered):
            opened = subjects.opened(subject, event.words)
            words[event.complaint, type(event)] = str(opened["words"])
    return [
        Said(
            shown(row),
            words.get((row.id, ComplaintReceived), ""),
            words.get((row.id, ComplaintAnswered), ""),
        )
        for row in rows
    ]


def by_row() -> pl.DataFrame:
    """Every complaint, one row for each: received (a date), matter, product, channel, whether it is
    answered, after how many days, upheld and overdue. For a worker: it loads polars."""
    import polars as pl

    names = ("received_at", "answered_at", "last_day", "matter", "product", "channel", "outcome")
    today = clock.now().date()
    rows = [
        {
            "received": received.date(),
            "matter": matter,
            "product": product,
            "channel": channel,
            "answered": answered is not None,
            "days": None if answered is None else (answered - received).total_seconds() / 86_400,
            "upheld": None if answered is None else outcome != ComplaintOutcome.NOT_UPHELD,
            "overdue": last != NO_DAY and last < (today if answered is None else answered.date()),
        }
        for received, answered, last, matter, product, channel, outcome in (
            Complaint.objects.order_by("pk").values_list(*names).iterator(1000)
        )
    ]
    schema = {
        "received": pl.Date,
        **dict.fromkeys(("matter", "product", "channel"), pl.String),
        "answered": pl.Boolean,
        "days": pl.Float64,
        "upheld": pl.Boolean,
        "overdue": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema)
