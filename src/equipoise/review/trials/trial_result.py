"""A look at a trial as it is stored and shown; `challenge monitor --json` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from equipoise.documents import Document

Verdict = Literal["harm", "safe", "better", "worse", "open", "too_few"]
Answer = Literal["stop_for_harm", "ship", "go_on", "not_enough_evidence"]


class ArmOutcomes(Document):
    """How many outcomes of an arm are known, and their mean."""

    outcomes: int
    mean: float | None


class MeasureResult(Document):
    """A measure of a challenger less the champion's, by day; None before the first look."""

    name: str
    higher_is_better: bool
    tolerated: float | None
    champion: ArmOutcomes
    challenger: ArmOutcomes
    difference: float | None
    low: float | None
    high: float | None
    found: Verdict
    since: str | None
    days: tuple[str, ...]
    differences: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]


class ChallengerResult(Document):
    """A challenger's measures, and the answer they give together."""

    challenger: str
    answer: Answer
    measures: tuple[MeasureResult, ...]


class SampleRatio(Document):
    """Whether the arms are filled by their shares; `evidence` is None where these are not known."""

    evidence: float | None
    broken: bool


class TrialResult(Document):
    """What may be said of every challenger at a look; `applicants` are counted by arm."""

    file: str
    until: str
    confidence: float
    planned_outcomes: int
    applicants: Mapping[str, int]
    sample_ratio: SampleRatio
    stopped: bool
    challengers: tuple[ChallengerResult, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as JSON holds it."""
        return self.model_dump(mode="json")
