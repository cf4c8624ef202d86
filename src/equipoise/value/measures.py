"""The measures: one table, from which the model, kernels, reports, commands and docs are made.

A measure of the value model is a column over treatments, declared as a field of `Measures`: its
label, its unit and what it is of one applicant. To add one is to add that row, its formula in
`value.model` and `value.compiled.formula`, and what is true of it in `simulation.truth`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Literal, NamedTuple, get_args, get_type_hints

import numpy as np

from equipoise.numeric.arrays import FloatArray

NO_CURRENCY = frozenset({"", "money"})  # what a contract says that names no currency
MONEY = "money"  # as a unit: the contract's currency
Kind = Literal["valued", "counted", "ratio"]


class Of(NamedTuple):
    """A row of the table: what a reader calls a measure, its unit, what it is of one applicant."""

    label: str
    unit: str
    doc: str


@dataclass(frozen=True, slots=True)
class Measures:
    """Expectations per applicant who starts; arrays of one shape, money in the contract's currency.

    The order is that of kernels, where a measure's place is its offset. `hours` are those of the
    whole journey, for all who start it, as its minutes and questions are.
    """

    approvals: Annotated[
        FloatArray,
        Of("Applicants offered a loan", "applicants", "1 for any treatment but a decline"),
    ]
    booked: Annotated[FloatArray, Of("Loans booked", "loans", "c pass t")]
    good_customers_served: Annotated[
        FloatArray,
        Of("Good customers served", "customers", "c t (1 - pd) * product over checks (1 - fa)"),
    ]
    exposure: Annotated[FloatArray, Of("Amount lent", MONEY, "booked * a")]
    expected_loss: Annotated[FloatArray, Of("Expected loss", MONEY, "booked * expected loss")]
    capital: Annotated[
        FloatArray, Of("Regulatory capital", MONEY, "booked * a * K, held at the start (CRE31)")
    ]
    price: Annotated[FloatArray, Of("Sum of APRs", "", "booked * r")]
    profit: Annotated[
        FloatArray,
        Of(
            "Profit",
            MONEY,
            "booked * (interest - operating cost - loss - cost of capital) - the journey's cost",
        ),
    ]
    customer_surplus: Annotated[
        FloatArray, Of("Customer surplus", MONEY, "c pass * surplus of the offer, above")
    ]
    minutes: Annotated[
        FloatArray,
        Of("Applicants' minutes", "minutes", "of the whole journey, for all who start it"),
    ]
    questions: Annotated[
        FloatArray, Of("Questions asked", "questions", "of the whole journey, for all who start it")
    ]
    underwriter_hours: Annotated[
        FloatArray, Of("Underwriter hours", "hours", "of the whole journey, for all who start it")
    ]

    @classmethod
    def zeros(cls, shape: tuple[int, ...]) -> Measures:
        """Of a decline: nothing happens."""
        return cls(**{each.name: np.zeros(shape) for each in fields(cls)})

    def totals(self) -> dict[str, float]:
        """Sums over applicants, and the rates between them."""
        sums = {name: float(getattr(self, name).sum()) for name in MEASURES}
        return {**sums, **rates(sums)}


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `valued` is a sum that the value model knows of every treatment, `counted` one
    that is known of decisions only, a `ratio` that of the two sums in `of`."""

    name: str
    label: str
    unit: str
    kind: Kind
    doc: str
    of: tuple[str, str] | None = None


def _valued() -> tuple[Measure, ...]:
    hints = get_type_hints(Measures, include_extras=True)
    rows = ((each.name, get_args(hints[each.name])[1]) for each in fields(Measures))
    return tuple(Measure(name, row.label, row.unit, "valued", row.doc) for name, row in rows)


def _ratio(name: str, label: str, unit: str, top: str, bottom: str) -> Measure:
    doc = f"`{top}` over `{bottom}`"
    return Measure(name, label, unit, "ratio", doc, (top, bottom))


_VALUED = _valued()
_COUNTED = (
    Measure("journeys", "Journeys begun", "journeys", "counted", "1 where a journey is given"),
    Measure("wait_days", "Days waited", "days", "counted", "the journey's days"),
    Measure("checks", "Checks asked for", "checks", "counted", "the journey's checks"),
)
_RATIOS = (
    Measure(
        "offered", "Share offered a loan", "share", "ratio", "offers of a loan over applicants"
    ),
    _ratio("expected_loss_rate", "Expected loss rate", "share", "expected_loss", "exposure"),
    _ratio("average_price", "Average price (APR)", "share", "price", "booked"),
    _ratio("capital_rate", "Capital per amount lent", "share", "capital", "exposure"),
    _ratio("profit_rate", "Profit per amount lent", "share", "profit", "exposure"),
    _ratio("average_wait", "Waiting per journey", "days", "wait_days", "journeys"),
    _ratio("average_checks", "Checks per journey", "checks", "checks", "journeys"),
)
TABLE: Mapping[str, Measure] = {each.name: each for each in (*_VALUED, *_COUNTED, *_RATIOS)}
MEASURES = tuple(each.name for each in _VALUED)
COUNTS = tuple(each.name for each in _COUNTED)
RATIOS: Mapping[str, tuple[str, str]] = {each.name: each.of for each in _RATIOS if each.of}
RATES: Mapping[str, tuple[str, str]] = {  # those between measures of the model
    name: of for name, of in RATIOS.items() if set(of) <= set(MEASURES)
}


def label_of(measure: str) -> str:
    """What a reader calls a measure."""
    return TABLE[measure].label


def unit_of(measure: str, currency: str) -> str:
    """The unit a total of `measure` is in."""
    unit = TABLE[measure].unit
    return currency if unit == MONEY else unit


def rates(sums: Mapping[str, float]) -> dict[str, float]:
    """The rates that the model's sums give; zero where nothing is lent."""
    return {
        name: sums[top] / sums[bottom] if sums[bottom] else 0.0
        for name, (top, bottom) in RATES.items()
    }
