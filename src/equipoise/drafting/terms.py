"""Terms of loans: read from text, and known by their values."""

from __future__ import annotations

import re

import polars as pl

from equipoise.contract.lexicon.money import Period, period

_MOST_TERMS, _LONGEST, _USUAL = 40, 480, 0.9
_WRITTEN = re.compile(r"^\s*(\d{1,4}(?:[.,]\d+)?)\s*\(?\s*([^\W\d]*)\.?\s*\)?\s*$")
_SHORT: dict[str, Period] = {"m": "month", "d": "day", "w": "week", "y": "year", "a": "year"}
_MONTHS: dict[Period, float] = {"month": 1, "year": 12, "week": 12 / 52, "day": 12 / 365}


def months_in(text: str) -> float | None:
    """Months in a written term: 36 in `36 months` and in `3 years`; None where it is none."""
    written = _WRITTEN.match(text)
    if written is None:
        return None
    unit = unit_of_terms(written.group(2)) or ("" if written.group(2) else "month")
    if not unit:
        return None
    return round(float(written.group(1).replace(",", ".")) * _MONTHS[unit], 2)


def unit_of_terms(unit: str) -> Period:
    """The unit of time that a word or letter names; empty where it names none."""
    return _SHORT.get(unit.lower()) or period(unit)


def looks_like_terms(values: pl.Series) -> bool:
    """Whether numbers can only be months: few, whole, and nearly all full or half years."""
    if not values.len() or not 2 <= values.n_unique() <= _MOST_TERMS:
        return False
    whole = bool((values.floor() == values).all())
    low, high = values.min(), values.max()
    if not whole or not isinstance(low, float) or not isinstance(high, float):
        return False
    usual = float((values % 6 == 0).sum()) / values.len()
    return low >= 3 and 12 <= high <= _LONGEST and usual >= _USUAL
