"""The terms that a person asked for, and what else the contract lets them ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, isfinite
from typing import Any

from equipoise.contract import Field
from equipoise.errors import BadInput
from equipoise.strategy.engine import Strategy

_STEPS = 100  # of an amount whose contract names no step, up to what was asked
_MOST_TERM = 600


@dataclass(frozen=True, slots=True)
class Range:
    """What may be asked of one field: from `low` to `high`, in steps from `low`; `asked` is what
    was."""

    field: str
    asked: float
    low: float
    high: float
    step: float
    whole: bool

    def value(self, wanted: float) -> float | int:
        """As the field holds it. Raises BadInput outside of the range, and for a broken month."""
        if not (isfinite(wanted) and self.low <= wanted <= self.high):
            raise BadInput(f"it lies outside of {self.low:g} to {self.high:g}", field=self.field)
        if self.whole and wanted != floor(wanted):
            raise BadInput("it is no whole number", field=self.field)
        return int(wanted) if self.whole else float(wanted)


@dataclass(frozen=True, slots=True)
class Asked:
    """The amount and the months asked for, each with its range."""

    amount: Range
    months: Range


def asked_terms(strategy: Strategy, application: Mapping[str, Any]) -> Asked | None:
    """The terms asked for; None where the strategy does not read them from a field of their own,
    so that nothing else can be asked for in their place."""
    section = strategy.content.strategy.applicant
    fields = {field.name: field for field in strategy.content.contract.fields}
    amount, months = fields.get(section.amount.strip()), fields.get(section.term_months.strip())
    facts = strategy.compiled.intake.read(application).facts
    if amount is None or months is None:
        return None
    one, other = _number(facts.get(amount.name)), _number(facts.get(months.name))
    if one is None or other is None:
        return None
    return Asked(_amounts(amount, one), _terms(months, other))


def changed_terms(asked: Asked, amount: float, months: float) -> dict[str, Any]:
    """The fields that differ if these terms are asked for. Raises BadInput outside of a range."""
    wanted = ((asked.amount, amount), (asked.months, months))
    return {each.field: each.value(value) for each, value in wanted if value != each.asked}


def _amounts(field: Field, asked: float) -> Range:
    low, high = _ends(field)
    declared = field.change.step if field.change is not None else None
    step = declared or _nice(asked / _STEPS)
    low = step if low is None else max(low, 0.0)
    return Range(field.name, asked, low, high or asked, step, field.type == "integer")


def _terms(field: Field, asked: float) -> Range:
    low, high = _ends(field)
    return Range(field.name, asked, max(low or 1.0, 1.0), high or _MOST_TERM, 1.0, True)


def _ends(field: Field) -> tuple[float | None, float | None]:
    low, high = field.range or (None, None)
    return _number(low), _number(high)


def _nice(step: float) -> float:
    """A step that a person counts in: 1, 10, 100, ..."""
    size = 1.0
    while size * 10 <= step:
        size *= 10
    return size


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)
