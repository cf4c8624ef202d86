"""A frame of applications as it comes in: the same shape errors and doubts as for one."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from equipoise.contract import Contract
from equipoise.contract.casting import cast_column
from equipoise.contract.document import Field
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.strategy.doubts import not_a_number

DOUBT = "its doubt"
_TYPES: Mapping[str, type[pl.DataType]] = {
    "number": pl.Float64,
    "integer": pl.Float64,
    "string": pl.String,
    "boolean": pl.Boolean,
    "date": pl.Date,
}
_WANTED = {
    "number": "a number",
    "integer": "a whole number",
    "string": "text",
    "boolean": "true or false",
    "date": "a date",
}


def read_columns(
    contract: Contract,
    inputs: Mapping[str, str],
    frame: pl.DataFrame,
    *,
    file: str = "",
    first_row: int = 1,
) -> pl.DataFrame:
    """The fields used, typed, and the first doubt of a number in the column `its doubt`.

    Columns are called as the contract's `column` says, or by the field's name. `first_row` is the
    place of the frame's first row in its file, for errors. Raises BadInput as for one application.
    """
    refuse_strangers(contract, frame.columns, file)
    columns: list[pl.Series] = []
    doubt = pl.lit(None, dtype=pl.String)
    doubted: dict[str, pl.Series] = {}
    for name in inputs:
        field = contract.field(name)
        raw = _raw(contract, field, frame, file)
        value, wrong = _typed(field, raw, file, first_row)
        columns.append(value.alias(name))
        if wrong is not None:
            doubted[name] = wrong
    for name in reversed(list(doubted)):
        doubt = pl.when(doubted[name]).then(pl.lit(not_a_number(name))).otherwise(doubt)
    made = pl.DataFrame(columns) if columns else pl.DataFrame({"": [None] * frame.height})
    return made.with_columns(doubt.alias(DOUBT))


def refuse_strangers(contract: Contract, columns: list[str], file: str = "") -> None:
    """Refuse columns that the contract does not know. Raises BadInput."""
    known = {f.name for f in contract.fields} | {f.column for f in contract.fields}
    for name in columns:
        if name not in known:
            raise BadInput(
                f"column '{name}' is not in contract {contract.name} v{contract.version}",
                where=Span(file, 1) if file else None,
                field=name,
                mend=did_you_mean(name, sorted(known)) or "leave it out",
            )


def _raw(contract: Contract, field: Field, frame: pl.DataFrame, file: str) -> pl.Series:
    for name in (field.column, field.name):
        if name in frame.columns:
            return frame[name]
    if field.missing == "refuse":
        raise BadInput(
            f"column '{field.column}' is missing, and contract {contract.name} "
            f"v{contract.version} asks for it",
            where=Span(file, 1) if file else None,
            field=field.name,
            mend=did_you_mean(field.column, frame.columns) or "add it",
        )
    return pl.Series(field.name, [None] * frame.height, dtype=_TYPES[field.type])


def _typed(
    field: Field, raw: pl.Series, file: str, first_row: int
) -> tuple[pl.Series, pl.Series | None]:
    """The typed column, and where a number is NaN or infinite (None: nowhere)."""
    kind = _TYPES[field.type]
    if field.type in ("number", "integer") and raw.dtype.is_numeric():
        value = raw.cast(pl.Float64)
        wrong = value.is_finite().not_().fill_null(value=False) if raw.dtype.is_float() else None
        if wrong is not None:
            if wrong.any():
                value = pl.select(pl.when(~wrong).then(value)).to_series()
            else:
                wrong = None
        if field.type == "integer" and raw.dtype.is_float():
            _refuse(field, value, value.is_not_null() & (value != value.floor()), file, first_row)
        return value, wrong
    if raw.dtype == kind:
        return raw, None
    if raw.dtype == pl.Null:
        return raw.cast(kind), None
    # as text: a file of text columns, or dates written out
    if not (raw.dtype in (pl.String, pl.Categorical) or raw.dtype.is_temporal()):
        _refuse(field, raw, raw.is_not_null(), file, first_row)
    cast = cast_column(raw, field)
    _refuse(field, raw, cast.unreadable, file, first_row)
    return cast.value.cast(kind), cast.not_finite if cast.not_finite.any() else None


def _refuse(field: Field, raw: pl.Series, wrong: pl.Series, file: str, first_row: int) -> None:
    found = wrong.fill_null(value=False).arg_true()
    if not found.len():
        return
    at = int(found[0])
    wanted = _WANTED[field.type]
    raise BadInput(
        f"'{field.name}' is {raw[at]!r:.60}, which is not {wanted}"
        + (f" (and {found.len() - 1:,} more rows)" if found.len() > 1 else ""),
        where=Span(file or "applications", row=first_row + at),
        field=field.name,
        mend=f"give {wanted}, or leave it empty where it is not known",
    )
