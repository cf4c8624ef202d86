"""Rows of a frame as applications, and decisions as rows of a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import nan
from typing import Any

import polars as pl

from equipoise.contract.facts.table import Source
from equipoise.errors import Span
from equipoise.strategy.answer import answer_row, answer_schema
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import Decision
from equipoise.strategy.frame_intake import FrameResults, filled, lacking_in
from equipoise.strategy.intake import CHECKS
from equipoise.strategy.kept_beside import kept_beside


def applications_in(compiled: Compiled, frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of a frame as applications that `RecordRuntime.decide_one` reads.

    Facts that are still to come are left out. Raises BadInput naming the row.
    """
    lacking = lacking_in(compiled, frame.columns)
    frame = filled(frame, lacking)
    contract, inputs = compiled.content.contract, compiled.program.inputs
    table = compiled.tables.read(frame.drop(CHECKS, strict=False), Source())
    own = {contract.id: table.ids, contract.date: table.days}
    typed = table.facts.select(name for name in inputs if name not in lacking).with_columns(
        values.alias(name)
        for name, values in own.items()
        if name and values is not None and name not in inputs
    )
    results = FrameResults.read(compiled.intake, frame, "", 1)
    doubtful = {name: mask.to_list() for name, mask in table.not_a_number.items() if mask.any()}
    for row, record in enumerate(typed.iter_rows(named=True)):
        # no column of whole numbers holds a NaN, and the one reading tells it from a gap
        record.update({name: nan for name, mask in doubtful.items() if mask[row]})
        known = results.distinct[results.of[row]]
        yield record if known is None else {**record, CHECKS: dict(known)}


def answers_in(
    compiled: Compiled,
    applications: Sequence[Mapping[str, Any]],
    decisions: Sequence[Decision],
    wheres: Sequence[Span | None],
    beside: Sequence[str] | None,
) -> pl.DataFrame:
    """One row each, in order; what stands beside the contract's fields, where it is kept."""
    answers = pl.DataFrame([*map(answer_row, decisions)], schema=answer_schema())
    if compiled.content.contract.extra != "keep":
        return answers
    extras = [compiled.intake.facts.extras(each) for each in applications]
    return answers.hstack(kept_beside(extras, beside, wheres))
