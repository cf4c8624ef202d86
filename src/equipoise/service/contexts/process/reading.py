"""What others may know of the process: the kept picture, and who was lost at a step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet

from equipoise.service.contexts.process import models, told
from equipoise.service.contexts.process.told import (
    Answers,
    Change,
    Comparison,
    Edge,
    Figure,
    Ledger,
    Move,
    PartChange,
    Picture,
    Promise,
    Share,
    Spread,
    Step,
    Tier,
)
from equipoise.service.platform import clock

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "LOG",
    "RECORD",
    "Answers",
    "Change",
    "Comparison",
    "Edge",
    "Figure",
    "Kept",
    "KeptLedger",
    "Ledger",
    "LostOne",
    "Move",
    "PartChange",
    "Picture",
    "Promise",
    "Share",
    "Spread",
    "Step",
    "Tier",
    "everybody_lost",
    "journeys",
    "kept",
    "ledger",
    "lost",
    "lost_counts",
    "sources",
]
RECORD, LOG = "record", "log"
_FRICTION = "friction"
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Kept:
    """The picture of a source, since when it stands, or why there is none."""

    at: datetime
    picture: Picture | None
    fault: str


@dataclass(frozen=True, slots=True)
class KeptLedger:
    """What friction costs, since when it stands, or why nobody knows."""

    at: datetime
    ledger: Ledger | None
    fault: str


@dataclass(frozen=True, slots=True)
class LostOne:
    """Somebody who left at a step: by which draft or application they are found, when, who had to
    act then, and whether they just fell silent."""

    case: str
    step: str
    left_at: datetime
    turn: str
    by_clock: bool
    channel: str


def sources() -> list[str]:
    """Of what there are pictures."""
    there = set(models.Picture.objects.values_list("source", flat=True))
    return [each for each in (RECORD, LOG) if each in there]


def kept(source: str) -> Kept | None:
    """The picture of `RECORD` or `LOG`; None where none was drawn yet."""
    row = models.Picture.objects.filter(pk=source).first()
    if row is None:
        return None
    return Kept(row.at, told.read(row.told) if row.told else None, row.fault)


def lost_counts(source: str) -> dict[str, int]:
    """How many can be found again of those lost at each step."""
    rows = models.Lost.objects.filter(source=source).values_list("step")
    return dict(rows.annotate(many=Count("id")))


def lost(source: str, step: str, most: int) -> list[LostOne]:
    """Who left at a step last, so many of them."""
    return [_lost(row) for row in _of_step(source, step)[:most]]


def everybody_lost(source: str, step: str) -> Iterator[LostOne]:
    """All who left at a step and can be found again, the latest first, piece by piece."""
    for row in _of_step(source, step).iterator(_AT_ONCE):
        yield _lost(row)


def _of_step(source: str, step: str) -> QuerySet[models.Lost]:
    return models.Lost.objects.filter(source=source, step=step).order_by("-left_at", "id")


def _lost(row: models.Lost) -> LostOne:
    return LostOne(row.case, row.step, row.left_at, row.turn, row.by_clock, row.channel)


def ledger() -> KeptLedger | None:
    """What friction costs in the workspace; None where nobody asked yet."""
    row = models.Picture.objects.filter(pk=_FRICTION).first()
    if row is None:
        return None
    return KeptLedger(row.at, told.read_ledger(row.told) if row.told else None, row.fault)


def journeys() -> pl.DataFrame:
    """The newest ways, one row for each: see `by_row.journeys`. For a worker: it loads polars."""
    from equipoise.service.contexts.process import by_row

    return by_row.journeys(clock.now())
