"""portfolio.yaml: what a book is measured by: rules, losses, scenarios, overlays, limits."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from equipoise.documents import Document, Quantity
from equipoise.risk import AssetClass
from equipoise.texts.wording import Text

PORTFOLIO = "portfolio.yaml"
Dimension = Literal[
    "customer", "group", "industry", "region", "product", "channel", "grade", "vintage"
]


class Scenario(Document):
    """A way the future may go: its chance, and by how much it multiplies the odds of default."""

    name: Text
    weight: Annotated[float, Field(ge=0, le=1)]
    odds: Annotated[float, Field(gt=0)] = 1.0


class Overlay(Document):
    """What a person adds to the model's allowance, and why; after `until` it is not applied.

    `factor` multiplies the allowance of the loans of `value` in the dimension `by` (all loans,
    where none is given).
    """

    id: Text
    factor: Annotated[float, Field(ge=0)]
    by: Dimension | None = None
    value: str = ""
    owner: Text
    reason: Text
    from_: date = Field(alias="from")
    until: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Overlay:
        if self.until < self.from_:
            raise ValueError(f"'{self.id}' ends on {self.until}, before it begins on {self.from_}")
        if bool(self.value) != (self.by is not None):
            raise ValueError("an overlay of some loans names `by` and `value`; write both or none")
        return self

    def holds(self, on: date) -> bool:
        """Whether it is applied on the day; the first and the last day count."""
        return self.from_ <= on <= self.until


class Losses(Document):
    """How losses are expected: LGD where the tape has none, stages, scenarios, overlays.

    `window_months` are the months of moves that chances are taken from, `horizon_months` how far a
    loan without a term is looked at; `discount` is the effective rate where the tape has no rate.
    """

    lgd: Quantity
    discount: Quantity = Quantity(value=0.0, source="nothing is discounted")
    window_months: Annotated[int, Field(ge=1)] = 24
    horizon_months: Annotated[int, Field(ge=1, le=480)] = 60
    cure_months: Annotated[int, Field(ge=1)] = 3
    probation_months: Annotated[int, Field(ge=1)] = 12
    forborne_months: Annotated[int, Field(ge=1)] = 24
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)] = (
        Scenario(name="base", weight=1.0),
    )
    overlays: tuple[Overlay, ...] = ()

    @model_validator(mode="after")
    def _chances_sum_to_one(self) -> Losses:
        total = sum(each.weight for each in self.scenarios)
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the scenarios' weights sum to {total:g}; let them sum to 1")
        return self


class OwnFunds(Document):
    """The lender's capital, in the tape's currency: limits of large exposures are its shares."""

    net_capital: Annotated[float, Field(gt=0)]
    tier1: Annotated[float, Field(gt=0)]
    source: Text


class OwnLimit(Document):
    """A lender's own limit: the largest share of the book that one value of a dimension may have.

    Without `value` it holds for every value. `constraint` names the constraint of appetite.yaml
    whose shadow price is this limit's.
    """

    name: Text
    by: Dimension
    value: str = ""
    at_most: Annotated[float, Field(gt=0, le=1)]
    constraint: str = ""


class CurvePoint(Document):
    """A zero rate, continuously compounded, at a time ahead."""

    years: Annotated[float, Field(gt=0)]
    rate: float


class Liability(Document):
    """What funds the book: an amount that reprices so many months ahead, and its rate a year.
    `passed_on` is how much of a move of market rates it takes on then."""

    name: Text
    amount: Annotated[float, Field(gt=0)]
    rate: float
    reprices_months: Annotated[float, Field(gt=0)]
    passed_on: Annotated[float, Field(ge=0, le=1)] = 1.0


class MarketRates(Document):
    """What interest rate risk is measured with; `prepayment` (CPR) is the one seen by default."""

    curve: Annotated[tuple[CurvePoint, ...], Field(min_length=1)]
    source: Text
    prepayment: Quantity | None = None
    liabilities: tuple[Liability, ...] = ()

    @model_validator(mode="after")
    def _times_rise(self) -> MarketRates:
        years = [each.years for each in self.curve]
        if years != sorted(set(years)):
            raise ValueError("the curve's years rise; put its points in their order")
        return self


class PortfolioDocument(Document):
    """portfolio.yaml. `rules` are packs by name, or files of the lender's own (`own.yaml`), as they
    hold on the last day of the book's month, or on `rules_on`: an old book by today's rules."""

    rules: Annotated[tuple[str, ...], Field(min_length=1)] = ("IFRS", "BASEL")
    rules_on: date | None = None
    asset_class: AssetClass = "other_retail"
    retail: bool = True
    losses: Losses
    bad_days: Annotated[int, Field(ge=0)] = 90
    own_funds: OwnFunds | None = None
    rates: MarketRates | None = None
    limits: tuple[OwnLimit, ...] = ()


PORTFOLIO_DRAFT = """\
# What the book of tape.yaml is measured by. Everything here is a start, for its owner to confirm.
rules: [IFRS, BASEL]      # also CN, EBA (a PD that tripled is stage 2), LEX; or a file of your own
asset_class: other_retail # where the tape tells none
bad_days: 90              # a vintage's loan is bad when it is more days past due than this
losses:
  lgd: {value: 0.45, provenance: assumed, source: no loss of the lender's own is on the tape}
  window_months: 24       # of moves that chances of default are taken from
  horizon_months: 60      # for loans without a term
  cure_months: 3
  probation_months: 12
  forborne_months: 24     # how long a loan is watched under stress since it was called so
  scenarios:
    - {name: base, weight: 0.6}
    - {name: adverse, weight: 0.3, odds: 1.5}
    - {name: severe, weight: 0.1, odds: 2.5}
"""
