"""treatments.yaml: the menu of what the lender can do with one applicant."""

from __future__ import annotations

from itertools import product
from typing import Annotated, TypeVar

from pydantic import Field, model_validator

from equipoise.documents import Document, Quantity

DECLINE = "decline"
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class ApplicantSection(Document):
    """Expressions over the contract's fields that give each applicant's own figures.

    `apr` is what today's policy charges (a fraction a year) and `today` names the treatment it
    gives. `checks_acted` tells loans whose checks had acted before the outcome that the PD was
    fitted on; without it, all had.
    """

    amount: str
    term_months: str
    monthly_income: str
    apr: str
    today: str
    checks_acted: str | None = None


class LenderSection(Document):
    """What money and people cost the lender: rates a year, the rest in money."""

    funding_rate: Quantity
    operating_cost: Quantity
    cost_of_capital: Quantity
    underwriter_hour_cost: Quantity = Quantity(value=0.0, source="not given")


class Journey(Document):
    """The steps and checks one applicant goes through; `cost` is money per applicant who starts."""

    name: Name
    steps: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    wait_days: float = Field(default=0.0, ge=0)
    cost: float = Field(default=0.0, ge=0)
    eligible: str | None = None
    grid: bool = True


class Price(Document):
    """An APR relative to today's, kept between `floor` and `cap`."""

    name: Name
    add: float
    floor: float = Field(default=0.0, ge=0)
    cap: float = Field(default=2.0, gt=0)
    eligible: str | None = None


class Amount(Document):
    """A share of the amount asked."""

    name: Name
    share: float = Field(gt=0, le=2)
    eligible: str | None = None


class Term(Document):
    """Months added to the term asked."""

    name: Name
    add_months: int = 0
    eligible: str | None = None


class Single(Document):
    """One treatment outside the grid."""

    name: Name
    journey: str
    price: str
    amount: str
    term: str | None = None
    eligible: str | None = None


class Treatment(Document):
    """Journey x price x amount x term; the decline has no parts."""

    name: str
    journey: Journey | None = None
    price: Price | None = None
    amount: Amount | None = None
    term: Term | None = None
    eligible: tuple[str, ...] = ()


T = TypeVar("T", Journey, Price, Amount, Term)


class TreatmentsDocument(Document):
    """The menu: a grid of journeys, prices, amounts and terms, single treatments, and decline."""

    applicant: ApplicantSection
    lender: LenderSection
    journeys: tuple[Journey, ...] = Field(min_length=1)
    prices: tuple[Price, ...] = Field(min_length=1)
    amounts: tuple[Amount, ...] = Field(min_length=1)
    terms: tuple[Term, ...] = (Term(name="asked"),)
    extra: tuple[Single, ...] = ()
    leave_out: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_hold(self) -> TreatmentsDocument:
        for what in ("journeys", "prices", "amounts", "terms"):
            names = [part.name for part in getattr(self, what)]
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(f"{what} name '{name}' twice")
        menu = [each.name for each in self.menu()]
        for name in menu:
            if menu.count(name) > 1:
                raise ValueError(f"two treatments are named '{name}'")
        for name in self.leave_out:
            if name not in [each.name for each in self._grid()]:
                raise ValueError(f"leave_out names '{name}', which is not in the grid")
        if len(menu) < 2:
            raise ValueError("there is no treatment but decline")
        return self

    def menu(self) -> tuple[Treatment, ...]:
        """Every treatment in order: decline, the grid, the singles."""
        grid = [each for each in self._grid() if each.name not in self.leave_out]
        return (Treatment(name=DECLINE), *grid, *map(self._single, self.extra))

    def _grid(self) -> list[Treatment]:
        journeys = [each for each in self.journeys if each.grid]
        parts = product(journeys, self.prices, self.amounts, self.terms)
        return [self._made(self._grid_name(*each), each) for each in parts]

    def _grid_name(self, journey: Journey, price: Price, amount: Amount, term: Term) -> str:
        names = [journey.name, price.name, amount.name]
        return "_".join([*names, term.name] if len(self.terms) > 1 else names)

    def _single(self, single: Single) -> Treatment:
        return self._made(
            single.name,
            (
                _named(self.journeys, single.journey, "journey"),
                _named(self.prices, single.price, "price"),
                _named(self.amounts, single.amount, "amount"),
                _named(self.terms, single.term or self.terms[0].name, "term"),
            ),
            single.eligible,
        )

    def _made(
        self,
        name: str,
        parts: tuple[Journey, Price, Amount, Term],
        extra: str | None = None,
    ) -> Treatment:
        journey, price, amount, term = parts
        texts = (journey.eligible, price.eligible, amount.eligible, term.eligible, extra)
        return Treatment(
            name=name,
            journey=journey,
            price=price,
            amount=amount,
            term=term,
            eligible=tuple(text for text in texts if text),
        )


def _named(parts: tuple[T, ...], name: str, what: str) -> T:
    for part in parts:
        if part.name == name:
            return part
    known = ", ".join(part.name for part in parts)
    raise ValueError(f"there is no {what} '{name}'; known: {known}")
