"""Reading a table of applications: the same facts, refusals and doubts as one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from equipoise.contract.document import Contract
from equipoise.contract.facts.column import cast_column, one_zero, trimmed
from equipoise.contract.facts.names import FieldNames
from equipoise.contract.facts.value import WANTED
from equipoise.contract.fields import Field
from equipoise.contract.grammar import LARGEST
from equipoise.contract.identifiers import identifier_column
from equipoise.errors import BadInput, Span, did_you_mean

_TYPES: Mapping[str, type[pl.DataType]] = {
    "number": pl.Float64,
    "integer": pl.Float64,
    "string": pl.String,
    "boolean": pl.Boolean,
    "date": pl.Date,
}
EXTRA = "extra."


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table comes from, for errors: its file, and the place of its first row in it."""

    file: str = ""
    first_row: int = 1

    @property
    def header(self) -> Span | None:
        """Where the names stand."""
        return Span(self.file, 1) if self.file else None

    def row(self, at: int) -> Span:
        """Where the row stands that is the `at`-th of the table, from 0."""
        return Span(self.file or "applications", row=self.first_row + at)


@dataclass(frozen=True, slots=True)
class Table:
    """Applications as read: a typed column for each fact that is used; by field, where a number
    is none to decide by; identifiers, own days (None: nobody has one), and what is kept beside."""

    facts: pl.DataFrame
    not_a_number: Mapping[str, pl.Series]
    ids: pl.Series
    days: pl.Series | None
    extras: pl.DataFrame


class TableReader:
    """Reads tables of one contract; `inputs` are the fields that are used."""

    def __init__(self, contract: Contract, inputs: Iterable[str]) -> None:
        self._contract = contract
        self._names = FieldNames.of(contract)
        self._fields = [contract.field(name) for name in inputs]

    def read(self, frame: pl.DataFrame, source: Source) -> Table:
        """Raises BadInput as for one application, naming the row."""
        contract = self._contract
        strange = self._names.strangers(frame.columns, source.header, "column ")
        columns: list[pl.Series] = []
        doubted: dict[str, pl.Series] = {}
        for field in self._fields:
            value, wrong = self._typed(field, self._raw(field, frame, source), source)
            columns.append(value.alias(field.name))
            if wrong is not None:
                doubted[field.name] = wrong
        rows = pl.DataFrame(columns) if columns else pl.DataFrame({"": [None] * frame.height})
        kept = strange if contract.extra == "keep" else []
        extras = frame.select(pl.col(name).alias(EXTRA + name) for name in kept)
        return Table(rows, doubted, self._ids(frame, source), self._days(frame, source), extras)

    def identifiers(self, frame: pl.DataFrame, source: Source) -> pl.Series:
        """What names each row, as text; null where nothing does. Raises BadInput naming the row."""
        return self._ids(frame, source)

    def _raw(self, field: Field, frame: pl.DataFrame, source: Source) -> pl.Series:
        name = self._names.place(field, frame.columns, source.header)
        if name is not None:
            return frame[name]
        if field.missing == "refuse":
            raise BadInput(
                f"column '{field.column}' is missing, and contract {self._contract.name} "
                f"v{self._contract.version} asks for it",
                where=source.header,
                field=field.name,
                mend=did_you_mean(field.column, frame.columns) or "add it",
            )
        return pl.Series(field.name, [None] * frame.height, dtype=_TYPES[field.type])

    def _typed(
        self, field: Field, raw: pl.Series, source: Source
    ) -> tuple[pl.Series, pl.Series | None]:
        """The typed column, and where a number is none to decide by (None: nowhere)."""
        if not field.missing_codes:
            if field.type == "number" and raw.dtype.is_numeric():
                return _plain_numbers(raw)
            if field.type == "string" and raw.dtype == pl.String:
                return trimmed(raw), None
            if field.type == "boolean" and raw.dtype == pl.Boolean:
                return raw, None
        cast = cast_column(raw, field, self._contract.time_zone)
        _refuse(field, raw, cast.unreadable, source)
        wrong = cast.not_finite if cast.not_finite.any() else None
        return cast.value.cast(_TYPES[field.type]), wrong

    def _ids(self, frame: pl.DataFrame, source: Source) -> pl.Series:
        name = self._contract.id
        place = name and self._names.place(self._contract.field(name), frame.columns, source.header)
        if not place:
            return pl.Series("id", [None] * frame.height, dtype=pl.String)
        return identifier_column(frame[place], source.file, source.first_row).alias("id")

    def _days(self, frame: pl.DataFrame, source: Source) -> pl.Series | None:
        name = self._contract.date
        if name is None:
            return None
        field = self._contract.field(name)
        place = self._names.place(field, frame.columns, source.header)
        return None if place is None else self._typed(field, frame[place], source)[0]


def _plain_numbers(raw: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    value = raw.cast(pl.Float64)
    if raw.dtype.is_float():
        value = one_zero(value)
    wrong = (value.abs() > LARGEST).fill_null(value=False)  # NaN is above all numbers in polars
    if not wrong.any():
        return value, None
    return pl.select(pl.when(~wrong).then(value)).to_series(), wrong


def _refuse(field: Field, raw: pl.Series, wrong: pl.Series, source: Source) -> None:
    rows = wrong.arg_true()
    if not rows.len():
        return
    at = int(rows[0])
    wanted = WANTED[field.type]
    raise BadInput(
        f"'{field.name}' is {raw[at]!r:.60}, which is not {wanted}"
        + (f" (and {rows.len() - 1:,} more rows)" if rows.len() > 1 else ""),
        where=source.row(at),
        field=field.name,
        mend=f"give {wanted}, or leave it empty where it is not known",
    )
