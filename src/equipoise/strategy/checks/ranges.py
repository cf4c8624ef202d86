"""What values a name can have: read from the contract, and from what features make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import inf

from equipoise.contract import Contract
from equipoise.contract.fields import Field
from equipoise.expression.nodes import Value
from equipoise.strategy.fact_checks import DECIDED_ON


@dataclass(frozen=True, slots=True)
class Range:
    """Values from `low` to `high` (numbers; dates as days), or those listed; NULL where `missing`.

    `values` None means that any value of the type can occur.
    """

    kind: str
    low: float = -inf
    high: float = inf
    values: tuple[Value, ...] | None = None
    missing: bool = True
    whole: bool = False


def field_range(field: Field) -> Range:
    """The range that the contract gives a field; values outside it never reach a rule."""
    low, high = -inf, inf
    if field.range is not None:
        low, high = (
            limit if bound is None else _number(bound)
            for bound, limit in zip(field.range, (-inf, inf), strict=True)
        )
    kind = "number" if field.type == "integer" else field.type
    values: tuple[Value, ...] | None = tuple(field.values) or None
    if field.type == "boolean":
        values = (False, True)
    missing = field.missing == "allow"
    return Range(kind, low, high, values, missing, whole=field.type == "integer")


def ranges_of(contract: Contract) -> dict[str, Range]:
    """The range of every name that the strategy's features may read."""
    ranges = {field.name: field_range(field) for field in contract.fields}
    ranges.pop(DECIDED_ON, None)  # the day of the decision, whatever a field of that name holds
    return ranges


def ranges_made(grades: tuple[str, ...], tiers: tuple[str, ...]) -> dict[str, Range]:
    """The range of what models and tiers give, which is what these names mean from there on."""
    return {
        "pd": Range("number", 0.0, 1.0, missing=False),
        "points": Range("number"),
        "grade": Range("string", values=grades, missing=False),
        "tier": Range("string", values=tiers, missing=False),
    }


def _number(bound: float | date) -> float:
    return float(bound.toordinal()) if isinstance(bound, date) else float(bound)


Ranges = Mapping[str, Range]
