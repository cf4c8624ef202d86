"""Days in a column of text, by the same patterns as one by one."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from equipoise.contract.patterns import ISO_PATTERNS, DayPattern

# ISO days and moments without an offset, as nearly all files write them: read at full speed
_ISO = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?)?$"
)


def read_days(text: pl.Series, patterns: Sequence[DayPattern], zone: str) -> pl.Series:
    """The day that each text says by the first pattern it follows; null where it follows none.

    Moments with an offset fall on the day they have in `zone`.
    """
    if patterns[0] is not ISO_PATTERNS[0]:
        return _one_by_one(text, patterns, zone)
    iso = text.str.contains(_ISO).fill_null(value=False)
    head = text if not iso.any() else text.str.slice(0, 10)
    days = pl.select(pl.when(iso).then(head)).to_series().str.to_date("%Y-%m-%d", strict=False)
    left = (~iso & text.is_not_null()).arg_true()
    if not left.len():
        return days
    return days.scatter(left, _one_by_one(text.gather(left), patterns, zone))


def _one_by_one(text: pl.Series, patterns: Sequence[DayPattern], zone: str) -> pl.Series:
    """Each different text once: a column has few days, however many rows it has."""
    different = text.drop_nulls().unique()
    days = [_first(each, patterns, zone) for each in different.to_list()]
    read = pl.Series(days, dtype=pl.Date)
    return text.replace_strict(different, read, default=None, return_dtype=pl.Date)


def _first(text: str, patterns: Sequence[DayPattern], zone: str) -> object:
    return next((day for each in patterns if (day := each.day(text, zone)) is not None), None)
