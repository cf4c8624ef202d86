"""appetite.yaml: the goal, what the lender will not exceed, and the frontier's axes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from equipoise.documents import Document
from equipoise.errors import did_you_mean
from equipoise.value.measures import MEASURES, RATES


def _require(name: str | None, known: tuple[str, ...] | dict[str, object]) -> None:
    if name is not None and name not in known:
        raise ValueError(f"'{name}' is not a measure; {did_you_mean(name, known)}")


class TodayTimes(Document):
    """A limit relative to what today's policy gives."""

    today: float = Field(gt=0)


Limit = float | Literal["today"] | TodayTimes


class Constraint(Document):
    """A limit on a summed measure; with `per`, on the rate of two sums.

    `where` keeps the numerator to some applicants; the denominator counts everybody when `per`
    is the measure itself (a share of the total) and those of `where` otherwise.
    """

    name: str
    measure: str
    per: str | None = None
    where: str | None = None
    at_most: Limit | None = None
    at_least: Limit | None = None

    @model_validator(mode="after")
    def _sound(self) -> Constraint:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("give at_most or at_least, one of the two")
        for name in (self.measure, self.per):
            _require(name, MEASURES)
        return self


class Parity(Document):
    """Two groups' rates within a distance of each other; for audit unless `enforce` is true."""

    name: str
    measure: str = "approvals"
    group: str
    within: float = Field(gt=0)
    enforce: bool = False

    @model_validator(mode="after")
    def _sound(self) -> Parity:
        _require(self.measure, MEASURES)
        return self


class FrontierSection(Document):
    """The axes: `x` is the risk to keep low, a measure or a rate; `y` the measure to raise."""

    x: str = "expected_loss_rate"
    y: str = "good_customers_served"
    points: int = Field(default=20, ge=2, le=200)

    @model_validator(mode="after")
    def _sound(self) -> FrontierSection:
        _require(self.x, (*MEASURES, *RATES))
        _require(self.y, MEASURES)
        return self


class AppetiteDocument(Document):
    """What to maximise and what must hold while doing so.

    `keep_within` is how far below what is reachable at today's risk the lender lets the goal stand:
    a share of the reachable (0.05 is five per cent); None where nobody has said.
    """

    goal: str = "good_customers_served"
    frontier: FrontierSection = Field(default_factory=FrontierSection)
    constraints: tuple[Constraint, ...] = ()
    parity: tuple[Parity, ...] = ()
    keep_within: float | None = Field(default=None, ge=0, lt=1)

    @model_validator(mode="after")
    def _sound(self) -> AppetiteDocument:
        _require(self.goal, MEASURES)
        names = [each.name for each in self.constraints] + [each.name for each in self.parity]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two constraints are named '{name}'")
        return self
