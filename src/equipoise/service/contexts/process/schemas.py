"""Answers about the journey."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from ninja import Schema

from equipoise.service.contexts.process.reading import Kept


class ShareOut(Schema):
    """`k` of `n`, with its 95 % interval; null where `n` is under ten."""

    k: int
    n: int
    value: float | None
    low: float | None
    high: float | None


class SpreadOut(Schema):
    """Within which half and nine tenths leave a step, however; null where that is not known."""

    p50: float | None
    p90: float | None


class StepOut(Schema):
    """One step of everybody (`by` null), or of the group `group` of `by`. Those who came went on,
    left (`lost`), were declined or are still there (`open`); `calendar` is in days, `business` in
    the lender's open hours."""

    step: str
    by: str | None
    group: str | None
    came: int
    went_on: int
    lost: int
    declined: int
    open: int
    going_on: ShareOut
    dropping_off: ShareOut
    rework: ShareOut
    turn: str | None
    lender_share: float | None
    calendar: SpreadOut
    business: SpreadOut


class GainOut(Schema):
    """A change of a step, and the completions that it would gain among those who came."""

    step: str
    kind: str
    by: str | None
    group: str | None
    came: int
    verdict: str
    gain: float | None
    low: float | None
    high: float | None
    per_thousand: float | None


class FollowsOut(Schema):
    """What came directly after what."""

    by: str | None
    group: str | None
    activity: str
    followed_by: str
    times: int
    cases: int
    days_p50: float | None


class ProcessOut(Schema):
    """What the journey came to when it was drawn last; nothing in it where it never was (`drawn_at`
    null), or where the log cannot be read (`fault`)."""

    drawn_at: datetime | None
    fault: str
    ways: int
    events: int
    until: date | None
    time_zone: str
    steps: list[StepOut]
    moves: list[GainOut]
    edges: list[FollowsOut]
    notes: list[str]

    @classmethod
    def of(cls, kept: Kept | None) -> ProcessOut:
        """What is kept, as it is answered."""
        if kept is None or kept.picture is None:
            fault, at = ("", None) if kept is None else (kept.fault, kept.at)
            return cls(drawn_at=at, fault=fault, ways=0, events=0, until=None, time_zone="UTC",
                       steps=[], moves=[], edges=[], notes=[])  # fmt: skip
        picture: dict[str, Any] = msgspec.to_builtins(kept.picture)
        return cls.model_validate(
            {**picture, "drawn_at": kept.at, "fault": "", "time_zone": picture["zone"]}
        )
