"""What is done about waits: following the record, and summing them up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from equipoise.record.events import Recorded
from equipoise.service.contexts.arrivals.models import Summed, Wait
from equipoise.service.contexts.arrivals.stages import (
    ANSWERED,
    LEFT,
    REVIEW,
    WAITING,
    stage_after,
    within,
)
from equipoise.service.contexts.cases.events import CaseDecided
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.reviews.events import ReviewAsked, ReviewSettled
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import APPLICANT
from equipoise.service.platform.record.events import SubjectErased
from equipoise.service.platform.record.subscriptions import Subscription

__all__ = ["FOLLOWED", "MOST", "sum_up"]
MOST = 5000  # waits of a stage that count: the newest, as a lender's ways change
_DIGITS = 2  # of minutes
_GONE = frozenset({"withdrawn", "lapsed"})  # outcomes of those who left


def _take(events: Sequence[Recorded[Any]]) -> None:
    for each in events:
        _follow(each.entry.chain, datetime.fromtimestamp(each.entry.at / 1e6, UTC), each.event)


FOLLOWED = Subscription(
    "arrivals.waits",
    (DecisionMade, CaseDecided, OutcomeRecorded, ReviewAsked, ReviewSettled, SubjectErased),
    _take,
)


def sum_up() -> int:
    """Sum up the newest waits of each stage, those that last as long as they have by now; how many
    they are."""
    now = clock.now()
    stages = Wait.objects.order_by("stage").values_list("stage", flat=True).distinct()
    waits = {stage: _newest(stage, now) for stage in stages}
    Summed.objects.update_or_create(pk=1, defaults={"at": now, "waits": json.dumps(waits)})
    return sum(len(each) for each in waits.values())


def _newest(stage: str, now: datetime) -> list[tuple[float, str]]:
    rows = Wait.objects.filter(stage=stage).order_by("-entered_at")
    return [
        (round(((ended or now) - entered).total_seconds() / 60, _DIGITS), _how(ended, left))
        for entered, ended, left in rows.values_list("entered_at", "ended_at", "left")[:MOST]
    ]


def _how(ended: datetime | None, left: bool) -> str:
    if ended is None:
        return WAITING
    return LEFT if left else ANSWERED


def _follow(application: str, at: datetime, event: Any) -> None:
    if isinstance(event, DecisionMade):
        if event.by == APPLICANT:
            _decided(application, at, event)
    elif isinstance(event, ReviewAsked):
        _enter(application, REVIEW, at)
    elif isinstance(event, SubjectErased) or _left(event):
        _end(application, at, left=True)
    else:  # a person's answer, what became of it, or of its review: whoever waits for that has it
        _end(application, at)


def _decided(application: str, at: datetime, event: DecisionMade) -> None:
    stage = stage_after(event.made)
    if not stage:
        _end(application, at)
        return
    _enter(application, within(stage, event.strategy), at)


def _enter(application: str, stage: str, at: datetime) -> None:
    """Unless it is in that stage already."""
    waits = Wait.objects.filter(application=application, stage=stage, ended_at__isnull=True)
    if not waits.exists():
        Wait.objects.create(application=application, stage=stage, entered_at=at)


def _left(event: Any) -> bool:
    """Whether the applicant went before there was an answer."""
    return isinstance(event, OutcomeRecorded) and event.outcome in _GONE


def _end(application: str, at: datetime, *, left: bool = False) -> None:
    waits = Wait.objects.filter(application=application, ended_at__isnull=True)
    waits.update(ended_at=at, left=left)
