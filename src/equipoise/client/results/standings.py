"""What is answered about where the lender stands beside the frontier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MeasuredStanding:
    """A measurement: how far it is (`done` of its present `step`, 0 to 1), whose applicants
    (`record` or `history`), and beside which one before it is held. `asked_by` is empty where it
    was due."""

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


@dataclass(frozen=True, slots=True)
class StandingResult:
    """Where the lender stands: `figures` per 100 applicants but for rates, `before` the same of the
    measurement before, `parts` what each factor did to each figure. `distance` is how far below
    what is reachable at today's risk, as a share."""

    applicants: int
    goal: str
    risk_measure: str
    experience_measure: str
    figures: Mapping[str, float]
    before: Mapping[str, float]
    parts: Mapping[str, Mapping[str, float]]
    untold: str
    distance: float
    keep_within: float | None
    beyond: bool
    draft_reaches: float | None


@dataclass(frozen=True, slots=True)
class StandingInFull(MeasuredStanding):
    """With what it found, None before it is done; whether a draft strategy can be sent, and as
    which version of the registry it was."""

    result: StandingResult | None
    has_draft: bool
    sent_as: int | None
