"""What others may know of screenings: the register, open rounds, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.screenings.events import ScreeningAnswered
from equipoise.service.contexts.screenings.models import Screening
from equipoise.service.contexts.screenings.register import register
from equipoise.service.platform.api.paging import (
    Order,
    Paging,
    Part,
    page_of,
    read_name,
)
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

__all__ = [
    "Asked",
    "Residual",
    "answered",
    "listed",
    "open_rounds",
    "register",
    "residuals",
    "round_",
]
_SHOWN = 50


def _read_day(value: object) -> date:
    """A day of a cursor. Raises ValueError."""
    return date.fromisoformat(read_name(value))


_LAST_DUE = Order("screenings", ("-due", "-id"), (_read_day, read_name))


@dataclass(frozen=True, slots=True)
class Asked:
    """A round: its questions, whose it is, and the answers in their order (none while open)."""

    id: str
    duty: str
    owner: str
    begins: date
    due: date
    asks: Sequence[str]
    risk: str
    answers: Sequence[str]
    answered_by: str
    answered_at: datetime | None
    residual: int | None

    def late(self, today: date) -> bool:
        """Whether its day passed without an answer."""
        return self.answered_at is None and self.due < today


@dataclass(frozen=True, slots=True)
class Residual:
    """The grade that was left of a risk, as somebody answered on a day."""

    on: datetime
    grade: int
    by: str


def open_rounds() -> list[Asked]:
    """Rounds that nobody has answered, the first due first."""
    rows = Screening.objects.filter(answered_at=None).order_by("due", "duty")
    return [_asked(each) for each in rows]


def answered() -> list[Asked]:
    """Rounds answered last, the newest first."""
    rows = Screening.objects.exclude(answered_at=None).order_by("-answered_at")
    return [_asked(each) for each in rows[:_SHOWN]]


def listed(state: str, asked: Paging) -> Part[Asked]:
    """A page of all rounds, or of those that are `open` or `answered`; the last due first. Raises
    BadInput for a cursor of another list."""
    rows = Screening.objects.all()
    if state:
        rows = rows.filter(answered_at__isnull=state == "open")
    page = page_of(rows, _LAST_DUE, asked)
    return Part([_asked(row) for row in page.rows], page.next)


def round_(screening: str) -> Asked:
    """One round. Raises DoesNotExist."""
    return _asked(Screening.objects.get(pk=screening))


def residuals() -> dict[str, list[Residual]]:
    """By risk, what was left of it as answered, the oldest first."""
    history: dict[str, list[Residual]] = {}
    rows = Screening.objects.exclude(residual=None).order_by("answered_at")
    for row in rows:
        if row.answered_at is not None and row.residual is not None:
            residual = Residual(row.answered_at, row.residual, row.answered_by)
            history.setdefault(row.risk, []).append(residual)
    return history


def _asked(row: Screening) -> Asked:
    return Asked(
        row.pk,
        row.duty,
        row.owner,
        row.begins,
        row.due,
        row.asks,
        row.risk,
        _answers(row),
        row.answered_by,
        row.answered_at,
        row.residual,
    )


def _answers(row: Screening) -> Sequence[str]:
    if row.answered_at is None:
        return ()
    (answer,) = record.history(row.pk, ScreeningAnswered)
    try:
        return tuple(
            subjects.opened(subjects.several([row.pk]).get(row.pk), answer.event.words)["answers"]
        )
    except Unreadable:
        return ()
