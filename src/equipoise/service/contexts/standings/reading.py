"""What others may know: measurements, the newest first, what each found, and what was sent on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from equipoise.service.contexts.standings.files import Files
from equipoise.service.contexts.standings.models import (
    RUNNING,
    UNFINISHED,
    Measurement,
    Sending,
    State,
    said,
)
from equipoise.service.platform.api.paging import Order, Paging, Part, page_of, read_sequence

if TYPE_CHECKING:
    from equipoise.review.continuous import StandingResult

_SHOWN = 60
_NEWEST = Order("standings", ("-id",), (read_sequence,))


@dataclass(frozen=True, slots=True)
class MeasurementSummary:
    """A measurement and how far it is: `done` of its present `step`, 0..1. `asked_by` is empty
    where it was due, `since` the measurement that it is held beside."""

    id: int
    asked_by: str
    state: str
    step: str
    done: float
    source: str
    since: int | None
    fault: str
    made_at: datetime
    ended_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in (*UNFINISHED, RUNNING)


@dataclass(frozen=True, slots=True)
class Sent:
    """A draft that went to the registry: as which version, by whom and when."""

    version: int
    sent_by: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Distance:
    """How far from the frontier the newest measurement found the policy, as a share, and how far is
    accepted; `draft` is the digest of a draft strategy that would close it, empty for none."""

    measurement: int
    distance: float
    keep_within: float | None
    draft: str

    @property
    def is_beyond(self) -> bool:
        """Whether it is further away than is accepted."""
        return self.keep_within is not None and self.distance > self.keep_within


def distance() -> Distance | None:
    """The newest distance; None where nothing was measured. It loads nothing large."""
    row = Measurement.objects.filter(state=State.DONE).order_by("-pk").first()
    if row is None:
        return None
    stored = json.loads(row.result)
    return Distance(row.pk, stored["figures"]["distance"], stored["keep_within"], row.draft)


def newest(most: int = _SHOWN) -> list[MeasurementSummary]:
    """The newest measurements."""
    return [_summary(each) for each in Measurement.objects.defer("result").order_by("-pk")[:most]]


def listed(asked: Paging) -> Part[MeasurementSummary]:
    """A page of measurements, the newest first. Raises BadInput for a cursor of another list."""
    page = page_of(Measurement.objects.defer("result"), _NEWEST, asked)
    return Part([_summary(each) for each in page.rows], page.next)


def measurement(number: int) -> MeasurementSummary:
    """One measurement. Raises DoesNotExist."""
    return _summary(Measurement.objects.get(pk=number))


def result(number: int) -> StandingResult | None:
    """What it found; None where it is not done."""
    row = Measurement.objects.filter(pk=number, state=State.DONE)
    text = row.values_list("result", flat=True).first()
    return _read(text) if text else None


def has_draft(number: int) -> bool:
    """Whether there is a draft strategy that can be sent."""
    return Files(number).draft() is not None


def sent(number: int) -> Sent | None:
    """Whether its draft was sent on."""
    row = Sending.objects.filter(measurement_id=number).first()
    return None if row is None else Sent(row.version, row.sent_by, row.sent_at)


@lru_cache(maxsize=128)
def _read(text: str) -> StandingResult:
    from equipoise.review.continuous import StandingResult

    return StandingResult.model_validate_json(text)


def _summary(row: Measurement) -> MeasurementSummary:
    return MeasurementSummary(
        row.pk, row.asked_by, said(row.state, begun=row.begun), row.step, row.share, row.source,
        row.since, row.fault, row.made_at, row.ended_at,
    )  # fmt: skip
