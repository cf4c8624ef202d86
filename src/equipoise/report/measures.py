"""What measures are called, and in which unit, when a result does not say."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.texts.saying import marked, retold
from equipoise.value.measures import MEASURES, TABLE


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as shown to a reader."""

    name: str
    label: str
    unit: str


# One word for one thing on every page: who is offered a loan may not book it, and of those who
# book, the good customers served are the ones who repay.
GLOSSARY = marked(
    "Offered a loan: the policy's answer is no decline. Booked: the applicant "
    "stays through the journey, passes its checks and takes the offer. Good "
    "customers served: booked, and repaid."
)
UNREAD = frozenset({"price"})  # a sum of APRs says nothing to a reader; its average does
_READ_FIRST = (
    "offered", "booked", "good_customers_served", "expected_loss_rate", "expected_loss",
    "exposure", "capital", "profit", "average_price", "customer_surplus", "average_wait",
    "average_checks",
)  # fmt: skip
COMPARED = (  # what a comparison of two strategies shows, in the order in which it is read
    *_READ_FIRST,
    *(name for name in MEASURES if name not in {*_READ_FIRST, *UNREAD, "approvals"}),
)
_SUFFIXES = (("_rate", "share"), ("_share", "share"), ("_hours", "hours"), ("_minutes", "minutes"))


def describe(name: str, unit: str | None = None) -> Measure:
    """The measure's label and unit: those of the table, else read from the name itself."""
    row = TABLE.get(name)
    label = retold(row.label) if row else name.replace("_", " ").capitalize()
    if unit is None:
        unit = row.unit if row else _unit_by_suffix(name)
    return Measure(name, label, unit)


def _unit_by_suffix(name: str) -> str:
    return next((unit for suffix, unit in _SUFFIXES if name.endswith(suffix)), "")
