"""How a person says that a column is to be read: COLUMN=FORMAT."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import polars as pl

from equipoise.contract.facts import cast_column
from equipoise.contract.fields import Field, FieldType
from equipoise.contract.formats import NUMBER_EXAMPLES, number_spelling
from equipoise.contract.inference import Guess
from equipoise.contract.missingwords import missing_words
from equipoise.contract.patterns import BY_NUMBER, DAY_EXAMPLES, day_pattern
from equipoise.errors import BadInput, did_you_mean

OPTION = "--read"
_ENOUGH = 0.98  # of the rows have to read so, or the format is not the column's


def asked_formats(asked: Iterable[str], headers: Iterable[str]) -> dict[str, str]:
    """The formats of `COLUMN=FORMAT` by column. Raises BadInput for columns there are none of."""
    known, formats = list(headers), {}
    for each in asked:
        # a header may hold the sign too; a format never does
        column, sign, written = each.rpartition("=")
        if not sign or not written:
            raise BadInput(
                f"'{each}' names no column and format",
                field=OPTION,
                mend="write COLUMN=FORMAT, such as 'income=1.234,5' or 'opened=%d/%m/%Y'",
            )
        if column not in known:
            raise BadInput(
                f"there is no column '{column}' to read as '{written}'",
                field=OPTION,
                mend=did_you_mean(column, known),
            )
        formats[column] = written
        type_of_format(column, written)
    return formats


def type_of_format(column: str, written: str) -> FieldType:
    """The type that a format is one of. Raises BadInput with near names where it is none."""
    if written in get_args(FieldType):
        kind: FieldType = written  # type: ignore[assignment]
        return kind
    try:
        number_spelling(written)
        return "number"
    except ValueError as fault:
        why = str(fault)
    if "%" in written or written in BY_NUMBER:
        try:
            day_pattern(written)
            return "date"
        except ValueError as fault:
            why = str(fault)
    every = (*NUMBER_EXAMPLES, *DAY_EXAMPLES, *get_args(FieldType))
    raise BadInput(
        f"'{written}' is no format to read '{column}' by: {why}",
        field=OPTION,
        mend=did_you_mean(written, every),
    )


def guess_as_asked(raw: pl.Series, written: str) -> Guess:
    """A plain column's type where a person said how it is read. Raises BadInput where it is not
    written so."""
    kind = type_of_format(raw.name, written)
    codes: tuple[str, ...] = ()
    if raw.dtype == pl.String:
        text = raw.drop_nulls().unique()
        codes = tuple(sorted(text.filter(missing_words(text, among_words=kind == "string"))))
    of_type = written in get_args(FieldType)
    field = Field(name="asked", type=kind, format="" if of_type else written, missing_codes=codes)
    cast = cast_column(raw, field)
    wrong = int(cast.unreadable.sum())
    if wrong > (1 - _ENOUGH) * max(1, raw.len() - int(cast.absent.sum())):
        example = raw.filter(cast.unreadable)[0]
        raise BadInput(
            f"'{raw.name}' is not written as '{written}': {wrong:,} cells are not, such as "
            f"'{example}'",
            field=OPTION,
            mend="name the format that its cells have, or leave the option out",
        )
    values = cast.value.drop_nulls()
    if kind == "number" and written in ("months", "years") and (values.floor() == values).all():
        kind = "integer"
    unit = written if written in ("months", "years") else ""
    return Guess(kind, field.format, codes, int(cast.coded.sum()), unread=wrong, unit=unit)
