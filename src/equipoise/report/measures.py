"""What measures are called, and in which unit, when a result does not say."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.value.measures import LABELS, unit_of


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as shown to a reader."""

    name: str
    label: str
    unit: str


# One word for one thing on every page: who is offered a loan may not book it, and of those who
# book, the good customers served are the ones who repay.
GLOSSARY = (
    "Offered a loan: the policy's answer is no decline. Booked: the applicant stays through the "
    "journey, passes its checks and takes the offer. Good customers served: booked, and repaid."
)
UNREAD = frozenset({"price"})  # a sum of APRs says nothing to a reader; its average does
_BESIDE = {
    "good_customers_served_per_hundred": ("Good customers served", "per 100 applicants"),
    "average_apr": ("Average price (APR)", "share"),
    "offered": ("Share offered a loan", "share"),
    "average_wait": ("Waiting per journey", "days"),
    "average_checks": ("Checks per journey", "checks"),
    "apr": ("Price (APR)", "share"),
}
_KNOWN = {name: (label, unit_of(name, "money")) for name, label in LABELS.items()} | _BESIDE
_SUFFIXES = (("_rate", "share"), ("_share", "share"), ("_hours", "hours"), ("_minutes", "minutes"))


def describe(name: str, unit: str | None = None) -> Measure:
    """The measure's label and unit: known by name, else read from the name itself."""
    label, known = _KNOWN.get(name, (name.replace("_", " ").capitalize(), None))
    if unit is None:
        unit = known if known is not None else _unit_by_suffix(name)
    return Measure(name, label, unit)


def _unit_by_suffix(name: str) -> str:
    return next((unit for suffix, unit in _SUFFIXES if name.endswith(suffix)), "")
