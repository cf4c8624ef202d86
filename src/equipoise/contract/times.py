"""Points in time as events write them, in UTC."""

from __future__ import annotations

import polars as pl

NO_OFFSET = "times have no offset from UTC and were taken as UTC"
_FORMS = ("%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z", "%Y/%m/%dT%H:%M:%S%.f%:z")


def read_times(raw: pl.Series) -> tuple[pl.Series, list[str]]:
    """Microseconds in UTC, null where there is no time, and notes on what was taken for granted."""
    if isinstance(raw.dtype, pl.Datetime):
        zoned = raw if raw.dtype.time_zone else raw.dt.replace_time_zone("UTC")
        time = zoned.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
        return time, [] if raw.dtype.time_zone else [NO_OFFSET]
    if raw.dtype == pl.Date:
        return raw.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"), [NO_OFFSET]
    return _from_text(raw.cast(pl.String).str.strip_chars())


def _from_text(text: pl.Series) -> tuple[pl.Series, list[str]]:
    clean = text.str.replace(" ", "T").str.replace(r"[zZ]$", "+00:00")
    has_offset = clean.str.contains(r"T.*[+-]\d{2}:?\d{2}$")
    padded = pl.select(pl.when(has_offset).then(clean).otherwise(clean + "+00:00")).to_series()
    read = [
        padded.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False)
        for form in _FORMS
    ]
    time = pl.select(pl.coalesce(*read)).to_series()
    taken = (~has_offset & time.is_not_null()).any()
    return time, [NO_OFFSET] if taken else []
