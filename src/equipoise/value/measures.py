"""The measures: columns over treatments, each side of the balance kept apart."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from equipoise.numeric.arrays import FloatArray

NO_CURRENCY = frozenset({"", "money"})  # what a contract says that names no currency


@dataclass(frozen=True, slots=True)
class Measures:
    """Expectations per applicant who starts; arrays of one shape, money in the contract's currency.

    `booked` is the chance of a loan, `exposure` its amount, `price` APR times booked. `capital`
    is regulatory capital held at the start (CRE31). `good_customers_served` is the chance of a
    loan that is repaid.
    """

    approvals: FloatArray
    booked: FloatArray
    good_customers_served: FloatArray
    exposure: FloatArray
    expected_loss: FloatArray
    capital: FloatArray
    price: FloatArray
    profit: FloatArray
    customer_surplus: FloatArray
    minutes: FloatArray
    questions: FloatArray
    underwriter_hours: FloatArray

    @classmethod
    def zeros(cls, shape: tuple[int, ...]) -> Measures:
        """Of a decline: nothing happens."""
        return cls(**{each.name: np.zeros(shape) for each in fields(cls)})

    def totals(self) -> dict[str, float]:
        """Sums over applicants, and the rates between them."""
        sums = {name: float(getattr(self, name).sum()) for name in MEASURES}
        return {**sums, **rates(sums)}


MEASURES = tuple(each.name for each in fields(Measures))
RATES = {
    "expected_loss_rate": ("expected_loss", "exposure"),
    "average_price": ("price", "booked"),
    "capital_rate": ("capital", "exposure"),
    "profit_rate": ("profit", "exposure"),
}
LABELS = {
    "approvals": "Applicants offered a loan",
    "booked": "Loans booked",
    "good_customers_served": "Good customers served",
    "exposure": "Amount lent",
    "expected_loss": "Expected loss",
    "capital": "Regulatory capital",
    "price": "Sum of APRs",
    "profit": "Profit",
    "customer_surplus": "Customer surplus",
    "minutes": "Applicants' minutes",
    "questions": "Questions asked",
    "underwriter_hours": "Underwriter hours",
    "expected_loss_rate": "Expected loss rate",
    "average_price": "Average price (APR)",
    "capital_rate": "Capital per amount lent",
    "profit_rate": "Profit per amount lent",
}
MONEY = {"exposure", "expected_loss", "capital", "profit", "customer_surplus"}
_UNITS = {
    "approvals": "applicants",
    "booked": "loans",
    "good_customers_served": "customers",
    "minutes": "minutes",
    "questions": "questions",
    "underwriter_hours": "hours",
}


def unit_of(measure: str, currency: str) -> str:
    """The unit a total of `measure` is in."""
    if measure in RATES:
        return "share"
    return currency if measure in MONEY else _UNITS.get(measure, "")


def rates(sums: dict[str, float]) -> dict[str, float]:
    """The rates that the sums give; zero where nothing is lent."""
    return {
        name: sums[top] / sums[bottom] if sums[bottom] else 0.0
        for name, (top, bottom) in RATES.items()
    }
