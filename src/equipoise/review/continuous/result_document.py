"""Where a lender stands, as it is stored and shown; `standing --json` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.documents import Document
from equipoise.value.measures import label_of

DISTANCE, RISK, EXPERIENCE, REACHABLE = "distance", "risk", "experience", "goal_reachable"


class StandingResult(Document):
    """A lender's place at a time, and what moved since another by factor.

    `figures` are those of `Standing`, per 100 applicants but for rates; `before` the same at the
    time `since`, and `parts` what each factor did to each figure: they add up to the change. Those
    three are empty where nothing was kept; `untold` says why a change has no parts. `keep_within`
    and `distance` are shares of what is reachable. `draft` is the file of a strategy at today's
    risk, and `draft_reaches` how much of the goal it reaches out of fold, per 100 applicants.
    """

    workspace: str
    on: str
    applicants: int
    sample: int
    goal: str
    risk_measure: str
    experience_measure: str
    figures: Mapping[str, float]
    since: str = ""
    before: Mapping[str, float] = {}
    parts: Mapping[str, Mapping[str, float]] = {}
    untold: str = ""
    keep_within: float | None = None
    draft_reaches: float | None = None
    kept: str = ""
    draft: str = ""

    @property
    def distance(self) -> float:
        """How far below what is reachable at today's risk: 0 at the frontier."""
        return self.figures[DISTANCE]

    @property
    def is_beyond(self) -> bool:
        """Whether it is further away than the lender accepts."""
        return self.keep_within is not None and self.distance > self.keep_within

    @property
    def factors(self) -> tuple[str, ...]:
        """The factors that differ between the two times."""
        return tuple(self.parts.get(DISTANCE, ()))

    @property
    def labels(self) -> dict[str, str]:
        """What the figures that a person looks at first are called, in English."""
        goal = label_of(self.goal)
        return {
            RISK: label_of(self.risk_measure),
            EXPERIENCE: label_of(self.experience_measure),
            REACHABLE: f"{goal}, reachable at this risk",
        }

    def change(self, figure: str) -> float:
        """What a figure is now less what it was; 0 where nothing was kept."""
        return self.figures[figure] - self.before.get(figure, self.figures[figure])

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as the command prints it."""
        return {**self.model_dump(mode="json"), "beyond": self.is_beyond}
