"""A strategy over a file of applicants, ready to be compared or audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.contract import Contract
from equipoise.contract.facts import cast_column
from equipoise.contract.facts.names import FieldNames
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.strategy.engine import Strategy
from equipoise.strategy.files.tables import Piece, pieces

MOST_SEGMENT_VALUES = 12


@dataclass(frozen=True, slots=True)
class Applicants:
    """A file of applicants under one contract: as given, what they are split by, how they ended."""

    frame: pl.DataFrame
    segments: pl.DataFrame
    bad: pl.Series | None


def read_applicants(
    contract: Contract, source: Path | str, by: Sequence[str] = (), audit: bool = False
) -> Applicants:
    """Read a whole file. `by` names fields to split by; unless given, fields of few values do.

    With `audit` these are the contract's protected and audit fields. Raises BadInput.
    """
    habits = contract.layout.habits if contract.layout else None
    parts = [_frame(piece, contract) for piece in pieces(source, habits)]
    if not any(part.height for part in parts):
        raise BadInput(
            "the file holds no application",
            where=Span(str(source)),
            mend="give a file with one row to an application",
        )
    frame = pl.concat(parts, how="diagonal_relaxed")
    FieldNames.of(contract).strangers(frame.columns, Span(str(source), 1), "column ")
    return Applicants(frame, _segments(contract, frame, by, audit), _bad(contract, frame))


def applicants_of(contract: Contract, records: Sequence[Mapping[str, Any]]) -> Applicants:
    """The same of applications at hand, as they were sent; only the contract's fields are looked
    at, so that results of checks count for neither strategy."""
    names = {name for field in contract.fields for name in (field.name, field.column)}
    kept = tuple({n: v for n, v in each.items() if n in names} for each in records)
    frame = _frame(Piece(1, records=kept), contract)
    return Applicants(frame, _segments(contract, frame, (), False), _bad(contract, frame))


def decided(
    strategy: Strategy, applicants: Applicants, file: str = "", at: date | None = None
) -> pl.DataFrame:
    """Answers with expected measures, terms, and what the journey asks; `bad` where known."""
    answers = strategy.value_frame(applicants.frame, at=at, file=file)
    offer = pl.col("offers").list.first().struct
    journeys = {each.name: each for each in strategy.content.treatments.journeys}
    waits = {name: each.wait_days for name, each in journeys.items()}
    checks = {name: len(each.checks) for name, each in journeys.items()}
    answered = answers.with_columns(
        apr=offer.field("apr"),
        amount=offer.field("amount"),
        wait_days=pl.col("journey").replace_strict(waits, default=None, return_dtype=pl.Float64),
        checks=pl.col("journey").replace_strict(checks, default=None, return_dtype=pl.Int64),
        journeys=pl.col("journey").is_not_null().cast(pl.Float64),
    )
    if answered["id"].null_count():
        rows = pl.Series("id", [str(at + 1) for at in range(answered.height)])
        answered = answered.with_columns(rows)
    return answered if applicants.bad is None else answered.with_columns(applicants.bad)


def _frame(piece: Piece, contract: Contract) -> pl.DataFrame:
    if piece.frame is not None:
        return piece.frame
    known = {f.name: f.type for f in contract.fields}
    types = {
        name: pl.String if known.get(name) in ("string", "date") else None
        for record in piece.records
        for name in record
    }
    return pl.DataFrame(list(piece.records), schema_overrides={k: v for k, v in types.items() if v},
                        infer_schema_length=None)  # fmt: skip


def _segments(
    contract: Contract, frame: pl.DataFrame, by: Sequence[str], audit: bool
) -> pl.DataFrame:
    names = list(by) or [
        field.name
        for field in contract.fields
        if (field.protected if audit else _few(field.name, contract, frame))
    ]
    columns = {}
    for name in names:
        field = contract.field(name)
        column = field.column if field.column in frame.columns else field.name
        if column not in frame.columns:
            if by:
                raise BadInput(
                    f"the file has no column '{column}' to split by",
                    field=name,
                    mend=did_you_mean(column, frame.columns),
                )
            continue
        columns[name] = cast_column(frame[column], field, contract.time_zone).value
    return pl.DataFrame(columns)


def _few(name: str, contract: Contract, frame: pl.DataFrame) -> bool:
    field = contract.field(name)
    column = field.column if field.column in frame.columns else name
    if field.type not in ("string", "boolean") or field.use not in ("feature", "audit"):
        return False
    return column in frame.columns and frame[column].n_unique() <= MOST_SEGMENT_VALUES


def _bad(contract: Contract, frame: pl.DataFrame) -> pl.Series | None:
    field = contract.field(contract.target.field)
    column = field.column if field.column in frame.columns else field.name
    if column not in frame.columns:
        return None
    typed = pl.DataFrame({field.name: cast_column(frame[column], field, contract.time_zone).value})
    return typed.select(contract.bad().cast(pl.Float64).alias("bad"))["bad"]
