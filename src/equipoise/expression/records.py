"""What the Python back end makes of values that are not plainly of the declared type."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from numbers import Real

from equipoise.expression.faults import ExpressionError


def as_number(value: object, field: str) -> float:
    """A double from any real number; what is too large for a double is infinite, hence missing."""
    if isinstance(value, bool) or not isinstance(value, (int, Real, Decimal)):
        raise _wrong(value, field, "a number")
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def as_boolean(value: object, field: str) -> bool:
    """True or False, also from 1 and 0 and from numpy's booleans."""
    if type(value).__name__ in ("bool", "bool_") or (isinstance(value, Real) and value in (0, 1)):
        return bool(value)
    raise _wrong(value, field, "true or false")


def as_string(value: object, field: str) -> str:
    if isinstance(value, str):
        return str(value)
    raise _wrong(value, field, "text")


def as_date(value: object, field: str) -> date:
    """A date; a moment with a time of day is refused, for which day it is depends on a zone."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _wrong(value, field, "a date")


def _wrong(value: object, field: str, wanted: str) -> ExpressionError:
    return ExpressionError(
        f"'{field}' holds {value!r:.60}, which is not {wanted}",
        field=field,
        mend="check the record against the contract first",
    )
