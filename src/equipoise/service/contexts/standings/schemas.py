"""Measurements of where the lender stands, as the API tells them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Schema


class MeasuredStandingOut(Schema):
    """A measurement: by whom it was asked for (empty: it was due), how far it is (`done` of its
    present `step`, 0 to 1), whose applicants (`record` or `history`), and beside which one before
    it is held."""

    id: int
    asked_by: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    step: str
    done: float
    source: str
    since: int | None
    fault: str
    made_at: datetime
    ended_at: datetime | None


class StandingResultOut(Schema):
    """Where the lender stands: `figures` per 100 applicants but for rates, `before` the same of the
    measurement before, `parts` what each factor did to each figure (they add up to the change;
    `untold` says why there are none). `distance` is how far below what is reachable at today's
    risk, as a share; `beyond` whether that is further than is accepted (`keep_within`)."""

    applicants: int
    goal: str
    risk_measure: str
    experience_measure: str
    figures: dict[str, float]
    before: dict[str, float]
    parts: dict[str, dict[str, float]]
    untold: str
    distance: float
    keep_within: float | None
    beyond: bool
    draft_reaches: float | None


class StandingInFullOut(MeasuredStandingOut):
    """A measurement with what it found, null before it is done; whether there is a draft strategy
    that can be sent, and as which version of the registry it was (null: not)."""

    result: StandingResultOut | None
    has_draft: bool
    sent_as: int | None
