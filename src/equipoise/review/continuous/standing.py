"""Where a lender stands, and what is best reachable from there, without the whole frontier."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from equipoise.balance.search import Asked, InMemory, Over
from equipoise.value.measures import RATES

PER = 100.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Today's risk and experience, and the most of the goal at today's risk.

    Risk is a rate, or a sum per 100 applicants; the others are per 100 applicants, so that two
    populations of different sizes can be held beside each other. `proven` is how much more could
    at most be reachable than was found.
    """

    risk: float
    experience: float
    goal_today: float
    goal_reachable: float
    proven: float

    @property
    def distance(self) -> float:
        """How far below what is reachable today's policy is: a share of the reachable, 0 at the
        frontier."""
        if self.goal_reachable <= 0:
            return 0.0
        return max(0.0, (self.goal_reachable - self.goal_today) / self.goal_reachable)

    def figures(self) -> dict[str, float]:
        """Every figure by its name, the distance too."""
        return {**asdict(self), "distance": self.distance}


def standing(asked: Asked, over: Over = InMemory) -> Standing:
    """Where that lender stands. Raises Infeasible where the appetite cannot be met at all."""
    axes, search = asked.axes, over(asked)
    try:
        totals = search.today.totals()
        best = search.same_risk(totals[axes.x], totals[axes.y])
        reachable = search.taken(best.choice).totals()
    finally:
        search.release()
    per = PER / asked.people.size
    return Standing(
        risk=totals[axes.x] * (1.0 if axes.x in RATES else per),
        experience=totals[axes.y] * per,
        goal_today=totals[axes.goal] * per,
        goal_reachable=reachable[axes.goal] * per,
        proven=best.gap * reachable[axes.goal] * per,
    )
