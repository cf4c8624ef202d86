"""Near ties: a share of applicants gets the runner-up, so that its outcome is learned.

What it costs is bounded: whoever is explored gives up no more than `within`, net of prices. A
decline may be explored as a loan, which is how a declined segment is learned; a loan is never
explored as a decline, which would teach nothing and turn a person away by lot.
"""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.numeric.arrays import BoolArray, FloatArray, IndexArray
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.exploring.split import draw


@dataclass(frozen=True, slots=True)
class Explorer:
    """Which ties are near enough, and on whom the lot falls."""

    experiment: str
    share: float
    within: float

    @classmethod
    def of(cls, document: StrategyDocument) -> Explorer | None:
        """The strategy's exploration; None where it has none, or values nothing."""
        section = document.explore
        if section is None or document.choose != "balance":
            return None
        return cls(section.experiment, section.share, section.within)

    def tied(self, net: float, runner_up: int, runner_up_net: float) -> bool:
        """Whether the runner-up is a loan of nearly the same value (money, net of prices)."""
        return runner_up > 0 and net - runner_up_net <= self.within

    def tied_many(
        self, net: FloatArray, runner_up: IndexArray, runner_up_net: FloatArray
    ) -> BoolArray:
        """`tied` for each applicant."""
        return (runner_up > 0) & (net - runner_up_net <= self.within)

    def falls_on(self, applicant: str) -> bool:
        """Whether this applicant is one of the share."""
        return draw(self.experiment, applicant) < self.share

    def propensity(self, *, explored: bool) -> float:
        """The chance with which someone near a tie is served as this one was."""
        return self.share if explored else 1.0 - self.share
