"""Deciding a frame step by step: the same answers as one by one, to the bit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from equipoise.numeric.arrays import BoolArray, IntArray
from equipoise.strategy.decision import ASK_FOR_MORE
from equipoise.strategy.intake import PASSED
from equipoise.strategy.program import GRADE, PD, POINTS
from equipoise.strategy.runtimes.frame.answers import CODE, NONE
from equipoise.strategy.runtimes.frame.batch import Batch
from equipoise.strategy.runtimes.frame.frame_pass import Given, Pass, arguments
from equipoise.strategy.runtimes.record.step_by_step import StepByStep
from equipoise.value.compiled import ChosenMany


class StepBatch(Batch):
    """`StepByStep` over frames. A fact that a later step asks for may be missing as a whole
    column."""

    compiled: StepByStep

    def over(
        self, frame: pl.DataFrame, at: date | None, file: str = "", first_row: int = 1
    ) -> Pass:
        """One frame on its way through the program."""
        return _StepPass(self.compiled, frame, at, file, first_row)

    def records(self, frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
        """The rows as applications, without facts that are still to come."""
        lacking = _absent(self.compiled, frame.columns)
        for record in super().records(_filled(frame, lacking)):
            yield {name: value for name, value in record.items() if name not in lacking}


class _StepPass(Pass):
    """One frame, in which the choice is a plan of checks and terms."""

    compiled: StepByStep

    def __init__(
        self, compiled: StepByStep, frame: pl.DataFrame, at: date | None, file: str, first_row: int
    ) -> None:
        self.lacking = _absent(compiled, frame.columns)
        super().__init__(compiled, _filled(frame, self.lacking), at, file, first_row)
        self.steps = [*compiled.planner.names]
        sets = [self._passed(place) for place in range(len(self.results.distinct))]
        self.passed = np.array(sets, dtype=np.int64)[self.results.of]

    def _passed(self, place: int) -> int:
        known = self.results.known(place).items()
        return self.compiled.planner.set_of(name for name, result in known if result == PASSED)

    def answer(self) -> pl.DataFrame:
        """Every row's answer."""
        return self._wanting() if self.lacking else super().answer()

    def _wanting(self) -> pl.DataFrame:
        """All lack the same facts: those who were stopped are declined, the others asked."""
        everybody = np.arange(self.rows)
        self.steps.append(self.compiled.later.step(self.lacking))
        self.next[:] = len(self.steps) - 1
        self.found.outcome[:] = CODE[ASK_FOR_MORE]
        self._stop(everybody[self.results.stopped])
        nothing = {GRADE: pl.String, PD: pl.Float64, POINTS: pl.Float64}
        self.table = self.table.with_columns(
            pl.lit(None, dtype=kind).alias(name) for name, kind in nothing.items()
        )
        return self._frame()

    def _best(self, rows: IntArray, part: pl.DataFrame, allowed: BoolArray) -> ChosenMany:
        return self._planned(rows, part, allowed)

    def _given(self, given: Given) -> ChosenMany:
        """A person's journey as the table gives it; of the rest the terms, with a plan."""
        found = super()._given(given)
        machine = (given.index > 0) & ~np.array(self.compiled._person)[given.index]
        at = np.flatnonzero(machine)
        alike = self.compiled.planner.alike_many(given.index[at], given.allowed[at])
        some = self._planned(given.rows[at], given.part[at], alike)
        for field in fields(ChosenMany):
            getattr(found, field.name)[at] = getattr(some, field.name)
        return found

    def _planned(self, rows: IntArray, part: pl.DataFrame, allowed: BoolArray) -> ChosenMany:
        compiled = self.compiled
        found, self.next[rows] = compiled.planner.many(
            arguments(part),
            (compiled.weights.base, compiled.weights.rows, self.masks(part)),
            allowed,
            self.passed[rows],
            may_decline=compiled.may_decline,
        )
        return found

    def _ask(self, rows: IntArray) -> IntArray:
        """The plan says who is asked for more, whatever they send."""
        asked = self.next[rows] != NONE
        self.found.outcome[rows[asked]] = CODE[ASK_FOR_MORE]
        others: IntArray = rows[~asked]
        return others


def _absent(compiled: StepByStep, columns: Iterable[str]) -> tuple[str, ...]:
    there = set(columns)
    contract = compiled.content.contract
    return tuple(
        name
        for name in compiled.later.steps
        if name not in there and contract.field(name).column not in there
    )


def _filled(frame: pl.DataFrame, lacking: Iterable[str]) -> pl.DataFrame:
    """With nothing in the columns that are not there yet."""
    nothing = pl.repeat(None, frame.height, eager=True)
    return frame.with_columns(nothing.alias(name) for name in lacking)
