"""Which application an answer is about: by the contract's id, by another column, or by its row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from equipoise.contract import Contract, Field
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.strategy.engine import Strategy
from equipoise.strategy.files.tables import Piece

if TYPE_CHECKING:
    import polars as pl


def identified_by(strategy: Strategy, column: str) -> Strategy:
    """The same strategy, digest and all, which takes that column for the identifier."""
    contract = strategy.content.contract
    field = _field(contract, column)
    known = any(each.name == field.name for each in contract.fields)
    fields = contract.fields if known else (*contract.fields, field)
    other = contract.model_copy(update={"id": field.name, "fields": fields})
    content = strategy.content.model_copy(update={"contract": other})
    return Strategy(replace(strategy.sealed, content=content))


def _field(contract: Contract, column: str) -> Field:
    for field in contract.fields:
        if column in (field.column, field.name):
            return field
    # A column that the contract does not know may have a name that no expression could hold.
    return Field.model_construct(name=column, column=column, type="string", use="identifier")


def refuse_without(column: str, strategy: Strategy, piece: Piece, source: str) -> None:
    """Raises BadInput where a piece of a file has no such column."""
    field = strategy.content.contract.field(strategy.content.contract.id or "")
    names = {column, field.name, field.column}
    given = (
        piece.frame.columns if piece.frame is not None else {k for r in piece.records for k in r}
    )
    if names.isdisjoint(given):
        raise BadInput(
            f"there is no column '{column}' to be the identifier",
            where=Span(source, piece.lines[0] if piece.lines else 1),
            field="id",
            mend=did_you_mean(column, map(str, given)),
        )


def by_row_without_id(answers: pl.DataFrame, piece: Piece) -> pl.DataFrame:
    """Answers in which one without an identifier names its row, or its line in JSON lines.

    Only so that it can be found: what is decided by an identifier has been by now.
    """
    import polars as pl

    if not answers["id"].null_count():
        return answers
    places = piece.lines or range(piece.first_row, piece.first_row + answers.height)
    row = pl.lit("row ") + pl.Series("place", places, dtype=pl.Int64).cast(pl.String)
    return answers.with_columns(pl.coalesce("id", row).alias("id"))
