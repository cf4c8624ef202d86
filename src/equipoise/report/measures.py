"""What the measures of the design are called, and in which unit, when a result does not say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as shown to a reader."""

    name: str
    label: str
    unit: str


_KNOWN = {
    "profit": ("Profit", "money"),
    "expected_loss": ("Expected loss", "money"),
    "expected_loss_rate": ("Expected loss rate", "share"),
    "exposure": ("Amount lent", "money"),
    "capital": ("Capital charge", "money"),
    "approvals": ("Approved", "applicants"),
    "booked": ("Loans booked", "loans"),
    "customer_surplus": ("Customer surplus", "money"),
    "minutes": ("Applicants' time", "minutes"),
    "questions": ("Questions asked", ""),
    "underwriter_hours": ("Underwriter hours", "hours"),
    "good_customers_served": ("Good customers served", "customers"),
    "good_customers_served_per_hundred": ("Good customers served", "per 100 applicants"),
    "average_price": ("Average price (APR)", "share"),
    "average_apr": ("Average price (APR)", "share"),
    "offered": ("Offered a loan", "share"),
    "average_wait": ("Waiting per journey", "days"),
    "average_checks": ("Checks per journey", "checks"),
    "profit_rate": ("Profit per amount lent", "share"),
    "apr": ("Price (APR)", "share"),
}
_SUFFIXES = (("_rate", "share"), ("_share", "share"), ("_hours", "hours"), ("_minutes", "minutes"))


def describe(name: str, unit: str | None = None) -> Measure:
    """The measure's label and unit: known by name, else read from the name itself."""
    label, known = _KNOWN.get(name, (name.replace("_", " ").capitalize(), None))
    if unit is None:
        unit = known if known is not None else _unit_by_suffix(name)
    return Measure(name, label, unit)


def _unit_by_suffix(name: str) -> str:
    return next((unit for suffix, unit in _SUFFIXES if name.endswith(suffix)), "")
