"""Reading a column: what `value` reads one by one, at the speed of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from equipoise.contract.facts.codes import MissingCodes, missing_codes
from equipoise.contract.facts.days import read_days
from equipoise.contract.fields import Field, FieldType
from equipoise.contract.formats import number_spelling
from equipoise.contract.grammar import (
    BLANKS,
    EXACT_IN_FLOAT,
    FALSE_WORDS,
    LARGEST,
    NO_NUMBER,
    TRUE_WORDS,
)
from equipoise.contract.patterns import EARLIEST_YEAR, patterns_of
from equipoise.contract.spelling import (
    CAPITALS,
    LONGEST,
    MARKS,
    PLAIN_MARKS,
    SMALL,
    Spelling,
    Term,
)
from equipoise.errors import BadInput

DTYPES: dict[FieldType, type[pl.DataType]] = {
    "number": pl.Float64,
    "integer": pl.Int64,
    "string": pl.String,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


@dataclass(frozen=True, slots=True)
class Cast:
    """A cast column and masks over its rows, none of them null.

    `absent`: nothing was given, or a missing code (`coded`). `unreadable`: something was given,
    and it is not of the type. `not_finite`: a number that is none to decide by: NaN, an infinity,
    too large. The value is null on all of them.
    """

    value: pl.Series
    absent: pl.Series
    coded: pl.Series
    unreadable: pl.Series
    not_finite: pl.Series


def cast_column(raw: pl.Series, field: Field, zone: str = "UTC") -> Cast:
    """Cast `raw` to the field's type; missing codes count as absent. Raises BadInput."""
    raw = as_plain(raw, zone)
    codes = missing_codes(field)
    if field.type in ("number", "integer"):
        return _numbers(raw, field, codes)
    if raw.dtype == pl.Float64:
        raw = raw.fill_nan(None)
    absent = raw.is_null()
    value = _others(raw, field, zone)
    coded = _coded(raw, value, codes) & ~absent
    absent = absent | coded
    value = _only(value, ~absent)
    if field.type == "date":
        value = _only(value, value.dt.year() >= EARLIEST_YEAR)
    unreadable = value.is_null() & ~absent
    return Cast(value.rename(field.name), absent, coded, unreadable, nowhere(raw.len()))


def _others(raw: pl.Series, field: Field, zone: str) -> pl.Series:
    if field.type == "boolean":
        return read_booleans(raw)
    if field.type == "date":
        return _days(raw, field.format, zone)
    return read_text(raw)


def _numbers(raw: pl.Series, field: Field, codes: MissingCodes) -> Cast:
    wide = read_numbers(raw, field.format)
    coded = _coded(raw, wide, codes)
    absent = raw.is_null() | coded
    most = LARGEST if field.type == "number" or field.use == "identifier" else EXACT_IN_FLOAT
    # NaN is above all numbers in polars
    not_finite = (wide.abs() > most).fill_null(value=False) & ~absent
    value = one_zero(wide) if field.type == "number" else _whole(raw, wide, field.format)
    value = _only(value, ~(absent | not_finite))
    unreadable = value.is_null() & ~absent & ~not_finite
    return Cast(value.rename(field.name), absent, coded, unreadable, not_finite)


def as_plain(raw: pl.Series, zone: str = "UTC") -> pl.Series:
    """Text trimmed with blanks as null, categories as text, decimals as floats, moments as days.

    Raises BadInput for a column that holds lists, structures or bytes.
    """
    kind = raw.dtype
    if kind in (pl.Categorical, pl.Enum):
        raw = raw.cast(pl.String)
    if raw.dtype == pl.String:
        return trimmed(raw)
    if kind.is_decimal() or kind == pl.Float32:
        return raw.cast(pl.Float64)
    if isinstance(kind, pl.Datetime):
        return (raw.dt.convert_time_zone(zone) if kind.time_zone else raw).dt.date()
    if kind.is_nested() or kind in (pl.Binary, pl.Object, pl.Time, pl.Duration):
        raise BadInput(
            f"column '{raw.name}' holds {kind}, which is no field type",
            field=raw.name,
            mend="write it as numbers, text or dates, or set `use: ignore`",
        )
    return raw


def trimmed(raw: pl.Series) -> pl.Series:
    """Text without the blanks around it; null where nothing is left."""
    text = raw.str.strip_chars(BLANKS)
    empty = text == ""
    return _only(text, ~empty) if empty.any() else text


def read_text(raw: pl.Series) -> pl.Series:
    """A plain column as a text field's; null for truth values and numbers that are not whole."""
    if raw.dtype == pl.Boolean:
        return pl.repeat(None, raw.len(), dtype=pl.String, eager=True)
    return _digits(raw) if raw.dtype == pl.Float64 else raw.cast(pl.String)


def spelled(raw: pl.Series) -> pl.Series:
    """Any plain column as text: 3.0 reads 3, whichever program wrote it; NaN is null."""
    if raw.dtype != pl.Float64:
        return raw.cast(pl.String)
    others = raw.fill_nan(None).cast(pl.String)
    return pl.select(pl.coalesce(_digits(raw), others)).to_series()


def _digits(raw: pl.Series) -> pl.Series:
    whole = (raw == raw.floor()) & (raw.abs() <= EXACT_IN_FLOAT)
    digits = pl.when(whole).then(raw.cast(pl.Int64, strict=False)).cast(pl.String)
    return pl.select(digits).to_series()


def read_numbers(raw: pl.Series, written: str = "") -> pl.Series:
    """A plain column as floats, null where it is no number; NaN and infinities are kept."""
    if raw.dtype in (pl.Date, pl.Boolean):
        return pl.repeat(None, raw.len(), dtype=pl.Float64, eager=True)
    if raw.dtype == pl.String and written:
        different = raw.drop_nulls().unique()
        read = _spelled_numbers(different, number_spelling(written))
        return raw.replace_strict(different, read, default=None, return_dtype=pl.Float64)
    return raw.cast(pl.Float64, strict=False)


def _spelled_numbers(text: pl.Series, spelling: Spelling) -> pl.Series:
    """What texts without blanks around them say by a format; NaN for what is no number."""
    said = text
    if text.str.contains(r"[^\x21-\x7e]").any():
        said = text.str.replace_many(list(MARKS), list(PLAIN_MARKS))
    said = said.str.replace_many(list(CAPITALS), list(SMALL)) if spelling.lower else said
    follows = said.str.contains(f"^(?:{spelling.shape})$") & (text.str.len_chars() <= LONGEST)
    terms = [_term(said, term) for term in spelling.terms]
    value = sum(terms[1:], terms[0])
    if spelling.negative:
        below = said.str.contains(f"^(?:{spelling.negative})$")
        value = pl.select(pl.when(below).then(-value).otherwise(value)).to_series()
    none = said.str.contains(f"^(?:{NO_NUMBER})$")
    return pl.select(pl.when(follows).then(value).when(none).then(float("nan"))).to_series()


def _term(said: pl.Series, term: Term) -> pl.Series:
    for pattern, by in term.steps:
        said = said.str.replace_all(pattern, by)
    number = said.cast(pl.Float64, strict=False)
    number = number * term.times if term.times != 1.0 else number
    return number / term.over if term.over != 1.0 else number


def one_zero(numbers: pl.Series) -> pl.Series:
    """The same floats with one sign of zero; polars leaves an addition of 0 out."""
    zero = numbers == 0.0
    if not zero.any():
        return numbers
    return pl.select(pl.when(zero).then(0.0).otherwise(numbers).alias(numbers.name)).to_series()


def _whole(raw: pl.Series, wide: pl.Series, written: str) -> pl.Series:
    if raw.dtype.is_integer():
        return raw.cast(pl.Int64, strict=False)
    whole = (wide.floor() == wide) & (wide.abs() <= EXACT_IN_FLOAT)
    from_float = pl.when(whole).then(wide.cast(pl.Int64, strict=False))
    if raw.dtype == pl.String and not written:
        # long identifiers do not survive a float
        return pl.select(pl.coalesce(raw.cast(pl.Int64, strict=False), from_float)).to_series()
    return pl.select(from_float).to_series()


def read_booleans(raw: pl.Series) -> pl.Series:
    """A plain column as true or false; null where it is neither."""
    if raw.dtype == pl.Boolean:
        return raw
    if raw.dtype == pl.Date:
        return pl.repeat(None, raw.len(), dtype=pl.Boolean, eager=True)
    if raw.dtype.is_numeric():
        yes, no = raw == 1, raw == 0
    else:
        text = raw.cast(pl.String).str.to_lowercase()
        yes, no = text.is_in(TRUE_WORDS), text.is_in(FALSE_WORDS)
    return pl.select(pl.when(yes).then(statement=True).when(no).then(statement=False)).to_series()


def _days(raw: pl.Series, written: str, zone: str) -> pl.Series:
    if raw.dtype == pl.Date:
        return raw
    if raw.dtype != pl.String and not (written and raw.dtype.is_numeric()):
        return pl.repeat(None, raw.len(), dtype=pl.Date, eager=True)
    return read_days(read_text(raw), patterns_of(written), zone)


def _coded(raw: pl.Series, value: pl.Series, codes: MissingCodes) -> pl.Series:
    """Where a missing code stands, as written or as what it means in the field's type."""
    if not codes or (raw.dtype == pl.Boolean and value.dtype == pl.String):
        return nowhere(raw.len())
    coded = _among(spelled(raw), sorted(codes.texts))
    typed: Sequence[Sequence[object]] = (sorted(codes.numbers), sorted(codes.days))
    for meanings in (*typed, sorted(codes.truths)):
        if meanings:
            coded = coded | _among(value, meanings)
    return coded


def _among(values: pl.Series, listed: Sequence[object]) -> pl.Series:
    if values.dtype == pl.Null:
        return nowhere(values.len())
    wanted = pl.Series(listed, dtype=values.dtype).implode()
    return values.is_in(wanted).fill_null(value=False)


def _only(values: pl.Series, where: pl.Series) -> pl.Series:
    return pl.select(pl.when(where).then(values).alias(values.name)).to_series()


def nowhere(rows: int) -> pl.Series:
    """A mask that holds nowhere."""
    return pl.Series([False]).new_from_index(0, rows)
