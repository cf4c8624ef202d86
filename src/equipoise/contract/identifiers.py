"""What names an application or an applicant: one text for one identifier, however it was typed."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isnan
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from equipoise.contract.grammar import BLANKS, EXACT_IN_FLOAT
from equipoise.errors import BadInput, Span

if TYPE_CHECKING:
    import polars as pl

LONGEST = 200
# A whole number as programs write a float; nobody writes leading zeros or more zeros behind.
_WRITTEN_FLOAT = r"^(-?[1-9][0-9]{0,15}|0)\.0$"
_NEGATIVE_ZERO = "-0.0"
_WRITTEN = re.compile(_WRITTEN_FLOAT)
_MEND = "give a text or a whole number"


def identifier_text(value: Any) -> str | None:
    """The identifier as text; None where it is missing, empty or blank.

    200, 200.0, "200" and " 200.0 " are one. Raises BadInput for what can name nobody: a truth
    value, a fraction, an infinity, a list, half a character, or more than 200 characters.
    """
    if isinstance(value, str):
        return _from_text(value)
    if value is None:
        return None
    if isinstance(value, bool):
        raise _unfit(f"the identifier is {str(value).lower()}")
    if isinstance(value, Integral):
        return _short(str(int(value)))
    if isinstance(value, Decimal):
        return _from_decimal(value)
    if isinstance(value, Real):
        return _from_float(float(value))
    raise _unfit(f"the identifier is a {type(value).__name__}")


def identifier_column(column: pl.Series, file: str = "", first_row: int = 1) -> pl.Series:
    """The same for each row of a column, whatever its type: text, null where there is none.

    Raises BadInput for the first row whose value can name nobody; `file` says where the rows are
    from, `first_row` which of its rows is the first here.
    """
    import polars as pl

    kind = column.dtype
    if kind == pl.Object:
        texts = [_at(row, each, file) for row, each in enumerate(column, start=first_row)]
        return pl.Series(column.name, texts, dtype=pl.String)
    if column.null_count() == column.len():
        return pl.repeat(None, column.len(), dtype=pl.String, eager=True).alias(column.name)
    if kind in (pl.Categorical, pl.Enum):
        column = column.cast(pl.String)
    text = _texts(column)
    wrong = text.is_null() & _something(column)
    wrong = wrong | (text.str.len_chars() > LONGEST).fill_null(value=False)
    if wrong.any():
        row = int(wrong.arg_max() or 0)
        _at(first_row + row, column[row], file)
    return text


def _texts(column: pl.Series) -> pl.Series:
    """The column as identifiers, null where a value is none."""
    import polars as pl

    kind = column.dtype
    if kind == pl.String:
        bare = pl.lit(column.str.strip_chars(BLANKS))
        whole = bare.str.extract(_WRITTEN_FLOAT)
        text = (
            pl.when(bare == "").then(None).when(bare == _NEGATIVE_ZERO).then(pl.lit("0"))
            .otherwise(pl.coalesce(whole, bare))
        )  # fmt: skip
    elif kind.is_integer():
        text = pl.lit(column.cast(pl.String))
    elif kind.is_float():
        wide = pl.lit(column.cast(pl.Float64))
        whole = (wide.floor() == wide) & (wide.abs() <= EXACT_IN_FLOAT)
        text = pl.when(whole).then(wide.cast(pl.Int64, strict=False).cast(pl.String))
    elif kind.is_decimal():
        written = pl.lit(column.cast(pl.String))
        text = written.str.extract(r"^(-?[0-9]+)(?:\.0+)?$")
    else:
        text = pl.lit(pl.repeat(None, column.len(), dtype=pl.String, eager=True))
    return pl.select(text.alias(column.name)).to_series()


def _something(column: pl.Series) -> pl.Series:
    """Where a row gives something, be it none that can name anybody."""
    import polars as pl

    if column.dtype == pl.String:
        return (column.str.strip_chars(BLANKS) != "").fill_null(value=False)
    if column.dtype.is_float():
        return column.is_not_null() & ~column.is_nan().fill_null(value=True)
    return column.is_not_null()


def _at(row: int, value: Any, file: str) -> str | None:
    import polars as pl

    try:
        return identifier_text(value.to_list() if isinstance(value, pl.Series) else value)
    except BadInput as error:
        where = Span(file or "the table", row=row)
        raise BadInput(error.message, where=where, field=error.field, mend=error.mend) from None


def _from_text(value: str) -> str | None:
    text = value.strip(BLANKS)
    if text == _NEGATIVE_ZERO:
        return "0"
    if _WRITTEN.match(text):
        return text[:-2]
    if not text.isascii() and text.encode("utf-8", "ignore").decode() != text:
        raise _unfit("the identifier holds half a character")
    return _short(text) if text else None


def _from_float(value: float) -> str | None:
    if isnan(value):
        return None
    if not value.is_integer() or abs(value) > EXACT_IN_FLOAT:
        raise _unfit(f"the identifier is the number {value:g}, which is not exact")
    return str(int(value))


def _from_decimal(value: Decimal) -> str | None:
    if value.is_nan():
        return None
    if not value.is_finite() or value != value.to_integral_value():
        raise _unfit(f"the identifier is the number {value:g}, which is not whole")
    return _short(str(int(value)))


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise _unfit(
            f"the identifier has {len(text):,} characters, more than {LONGEST}", "shorten it"
        )
    return text


def _unfit(message: str, mend: str = _MEND) -> BadInput:
    return BadInput(message, field="id", mend=mend)
