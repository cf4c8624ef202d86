"""Turning a column, as text or already typed, into its contract type; what fails stays visible."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.contract.document import Field, FieldType
from equipoise.errors import BadInput

DTYPES: dict[FieldType, type[pl.DataType]] = {
    "number": pl.Float64,
    "integer": pl.Int64,
    "string": pl.String,
    "boolean": pl.Boolean,
    "date": pl.Date,
}
TRUE_WORDS = ("true", "t", "yes", "y", "1", "1.0")
FALSE_WORDS = ("false", "f", "no", "n", "0", "0.0")
_EXACT_IN_FLOAT = 2.0**53
ISO_DATES = ("%Y-%m-%d", "%Y/%m/%d")
EARLIEST_YEAR = 1900
# numbers are plain ASCII: no thousands, no currency, unless the field's format says so
_STRIP = {
    "percent": (r"\s*%$", ""),
    "1,234.5": (r"[,\s$€£¥]", ""),
    "1.234,5": (r"[.\s$€£¥]", ""),
}


@dataclass(frozen=True, slots=True)
class Cast:
    """A cast column and masks over its rows, none of them null.

    `absent`: nothing was given, or a missing code (`coded`). `unreadable`: something was given,
    and it is not of the type. `not_finite`: NaN or an infinity. The value is null on all of them.
    """

    value: pl.Series
    absent: pl.Series
    coded: pl.Series
    unreadable: pl.Series
    not_finite: pl.Series


def cast_column(raw: pl.Series, field: Field) -> Cast:
    """Cast `raw` to the field's type; missing codes count as absent. Raises BadInput."""
    raw = as_plain(raw)
    value, wide = _cast(raw, field)
    coded = _is_code(raw, wide, field)
    absent = raw.is_null() | coded
    if wide is None:
        not_finite = _nowhere(raw)
        if raw.dtype == pl.Float64:
            absent = absent | raw.is_nan().fill_null(value=False)
    else:
        not_finite = (~wide.is_finite()).fill_null(value=False) & ~absent
    value = pl.select(pl.when(~(absent | not_finite)).then(value)).to_series()
    unreadable = value.is_null() & ~absent & ~not_finite
    return Cast(value.rename(field.name), absent, coded, unreadable, not_finite)


def _cast(raw: pl.Series, field: Field) -> tuple[pl.Series, pl.Series | None]:
    """The column in its type, and for numbers the same as floats with infinities kept."""
    if field.type in ("number", "integer"):
        wide = read_numbers(raw, field.format)
        return (wide if field.type == "number" else _whole(raw, wide)), wide
    if field.type == "boolean":
        return read_booleans(raw), None
    if field.type == "date":
        return _dates(raw, field.format), None
    return read_text(raw), None


def as_plain(raw: pl.Series) -> pl.Series:
    """Text trimmed with blanks as null, categories as text, decimals as floats.

    Raises BadInput for a column that holds lists, structures or bytes.
    """
    kind = raw.dtype
    if kind in (pl.Categorical, pl.Enum):
        raw = raw.cast(pl.String)
    if raw.dtype == pl.String:
        text = raw.str.strip_chars()
        return pl.select(pl.when(text != "").then(text).alias(raw.name)).to_series()
    if kind.is_decimal() or kind == pl.Float32:
        return raw.cast(pl.Float64)
    if kind == pl.Datetime:
        return raw.dt.date()
    if kind.is_nested() or kind in (pl.Binary, pl.Object, pl.Time, pl.Duration):
        raise BadInput(
            f"column '{raw.name}' holds {kind}, which is no field type",
            field=raw.name,
            mend="write it as numbers, text or dates, or set `use: ignore`",
        )
    return raw


def read_text(raw: pl.Series) -> pl.Series:
    """Any plain column as text; 3.0 reads 3, whichever program wrote it."""
    if raw.dtype != pl.Float64:
        return raw.cast(pl.String)
    whole = raw.cast(pl.Int64, strict=False)
    text = pl.when(whole.cast(pl.Float64) == raw).then(whole.cast(pl.String))
    return pl.select(text.otherwise(raw.fill_nan(None).cast(pl.String))).to_series()


def read_numbers(raw: pl.Series, written: str = "") -> pl.Series:
    """A plain column as floats, null where it is no number; NaN and infinities are kept."""
    if raw.dtype == pl.Date:
        return pl.repeat(None, raw.len(), dtype=pl.Float64, eager=True)
    if raw.dtype == pl.String and written in _STRIP:
        pattern, by = _STRIP[written]
        raw = raw.str.replace_all(pattern, by)
        if written == "1.234,5":
            raw = raw.str.replace(",", ".", literal=True)
    return raw.cast(pl.Float64, strict=False)


def _whole(raw: pl.Series, wide: pl.Series) -> pl.Series:
    if raw.dtype.is_integer() or raw.dtype == pl.Boolean:
        return raw.cast(pl.Int64, strict=False)
    whole = (wide.floor() == wide) & (wide.abs() <= _EXACT_IN_FLOAT)
    from_float = pl.when(whole).then(wide.cast(pl.Int64, strict=False))
    if raw.dtype == pl.String:
        # long identifiers do not survive a float
        return pl.select(pl.coalesce(raw.cast(pl.Int64, strict=False), from_float)).to_series()
    return pl.select(from_float).to_series()


def read_booleans(raw: pl.Series) -> pl.Series:
    """A plain column as true or false; null where it is neither."""
    if raw.dtype == pl.Boolean:
        return raw
    text = raw.cast(pl.String).str.to_lowercase()
    yes, no = text.is_in(TRUE_WORDS), text.is_in(FALSE_WORDS)
    return pl.select(pl.when(yes).then(statement=True).when(no).then(statement=False)).to_series()


def _dates(raw: pl.Series, written: str) -> pl.Series:
    if raw.dtype == pl.Date:
        return raw
    if raw.dtype.is_numeric() and not written:
        return pl.repeat(None, raw.len(), dtype=pl.Date, eager=True)
    text = raw.cast(pl.String)
    if written:
        return read_dates(text, written)
    day = text.str.replace(r"[T ]\d{1,2}:\d{2}.*$", "")
    return pl.select(pl.coalesce(*(read_dates(day, form) for form in ISO_DATES))).to_series()


def read_dates(text: pl.Series, written: str) -> pl.Series:
    """Dates of one strptime pattern, the first of the month where it has no day.

    Years before 1900 are misread (a pattern with four digits over a year with two): null.
    """
    if not re.search(r"%[deDFvxj]", written):
        text, written = "01 " + text, f"%d {written}"
    dates = text.str.to_date(written, strict=False)
    return pl.select(pl.when(dates.dt.year() >= EARLIEST_YEAR).then(dates)).to_series()


def _nowhere(raw: pl.Series) -> pl.Series:
    return pl.Series(np.zeros(raw.len(), dtype=bool))


def _is_code(raw: pl.Series, wide: pl.Series | None, field: Field) -> pl.Series:
    """Where a missing code stands, as written or as the number it stands for."""
    if not field.missing_codes:
        return _nowhere(raw)
    found = read_text(raw).is_in([str(code) for code in field.missing_codes])
    numbers = [float(c) for c in field.missing_codes if isinstance(c, (int, float))]
    if numbers and wide is not None:
        found = found | wide.is_in(numbers).fill_null(value=False)
    return found.fill_null(value=False)
