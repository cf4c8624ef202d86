"""Columns of a table that somebody gives: there, days, numbers; each fault by column and row."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from equipoise.errors import BadInput, Span, did_you_mean


def needed(frame: pl.DataFrame, names: Sequence[str], file: str = "") -> None:
    """Refuse a table without these columns; BadInput names the nearest that there is."""
    for name in names:
        if name not in frame.columns:
            raise BadInput(
                f"there is no column '{name}'",
                where=_row(file),
                field=name,
                mend=did_you_mean(name, frame.columns) or f"columns: {', '.join(frame.columns)}",
            )


def as_days(column: pl.Series, file: str = "") -> pl.Series:
    """Dates, none missing; ISO text is read. Raises BadInput."""
    if column.dtype == pl.String:
        column = column.str.to_date(strict=False)
    elif column.dtype.is_temporal() and column.dtype != pl.Date:
        column = column.cast(pl.Date)
    if column.dtype != pl.Date:
        raise BadInput(
            f"'{column.name}' is {column.dtype}, no date",
            where=_row(file),
            field=column.name,
            mend="as 2026-03-02",
        )
    no_gaps(column, file)
    return column


def as_numbers(column: pl.Series, file: str = "") -> pl.Series:
    """Finite numbers or null; true and false are 1 and 0, as text too. Raises BadInput."""
    plain = column
    if column.dtype == pl.String:
        plain = column.str.to_lowercase().replace({"true": "1", "false": "0", "": None})
    read = plain.cast(pl.Float64, strict=False)
    odd = (read.is_null() & column.is_not_null()) | read.is_nan().fill_null(value=False)
    odd |= read.is_infinite().fill_null(value=False)
    refuse(odd, column, "no number", "give a number, true or false, or leave it empty", file)
    return read


def no_gaps(column: pl.Series, file: str = "") -> None:
    """Refuse a column with gaps; BadInput names the first."""
    if column.null_count():
        row = int(column.is_null().arg_max() or 0)
        raise BadInput(
            f"'{column.name}' is empty or cannot be read",
            where=_row(file, row),
            field=column.name,
            mend="give it for every applicant",
        )


def refuse(odd: pl.Series, column: pl.Series, what: str, mend: str, file: str = "") -> None:
    """Refuse the first row that is odd, with what the column holds there. Raises BadInput."""
    if odd.any():
        row = int(odd.arg_max() or 0)
        raise BadInput(
            f"'{column.name}' holds {column[row]!r}, {what}",
            where=_row(file, row),
            field=column.name,
            mend=mend,
        )


def _row(file: str, row: int | None = None) -> Span | None:
    """A data row of a file, or of a table that is none."""
    if not file and row is None:
        return None
    return Span(file or "table", row=None if row is None else row + 1)
