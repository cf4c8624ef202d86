"""Deciding a frame step by step: the same answers as one by one, to the bit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from equipoise.errors import BadInput, Span
from equipoise.strategy import codes
from equipoise.strategy.answers import CODE, BoolArray, IntArray
from equipoise.strategy.asking.live import StepByStep
from equipoise.strategy.asking.planner import NOBODY
from equipoise.strategy.batch import Batch
from equipoise.strategy.decision import ASK_FOR_MORE, DECLINE
from equipoise.strategy.frame_pass import Given, Pass, arguments
from equipoise.strategy.intake import CHECKS, PASSED, STOPPED
from equipoise.strategy.program import GRADE, PD, POINTS
from equipoise.value.compiled import ChosenMany

NEXT = "next_check"


class StepBatch(Batch):
    """`StepByStep` over frames.

    A column `checks` holds the results that are in: a struct with a field to a check, or JSON as
    one application has it. A fact that a later step asks for may be missing as a whole column.
    """

    live: StepByStep

    def over(
        self, frame: pl.DataFrame, at: date | None, file: str = "", first_row: int = 1
    ) -> Pass:
        """One frame on its way through the program."""
        return _StepPass(self.live, frame, at, file, first_row)

    def records(self, frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
        """The rows as applications: with their checks, without facts that are still to come."""
        lacking = _absent(self.live, frame.columns)
        facts = _filled(frame, lacking)
        results = frame[CHECKS].to_list() if CHECKS in frame.columns else [None] * frame.height
        for record, checks in zip(super().records(facts), results, strict=True):
            known = {name: value for name, value in record.items() if name not in lacking}
            given = _results_in(checks, Span("applications"))
            yield known if given is None else {**known, CHECKS: given}


class _StepPass(Pass):
    """One frame, in which the choice is a plan of checks and terms."""

    live: StepByStep

    def __init__(
        self, live: StepByStep, frame: pl.DataFrame, at: date | None, file: str, first_row: int
    ) -> None:
        self.lacking = _absent(live, frame.columns)
        results = frame[CHECKS] if CHECKS in frame.columns else None
        super().__init__(live, _filled(frame, self.lacking), at, file, first_row)
        self.passed, self.stopped = _results(live, results, self.rows, file, first_row)
        self.steps: list[str] = [*live.planner.names]
        self.next: IntArray = np.full(self.rows, NOBODY, dtype=np.int64)

    def answer(self) -> pl.DataFrame:
        """Every row's answer."""
        return self._wanting() if self.lacking else super().answer()

    def _wanting(self) -> pl.DataFrame:
        """All lack the same facts: those who were stopped are declined, the others asked."""
        everybody = np.arange(self.rows)
        self.steps.append(self.live.later.step(self.lacking))
        self.next[:] = len(self.steps) - 1
        self.found.outcome[:] = CODE[ASK_FOR_MORE]
        self._stop(everybody[self.stopped])
        nothing = {GRADE: pl.String, PD: pl.Float64, POINTS: pl.Float64}
        self.table = self.table.with_columns(
            pl.lit(None, dtype=kind).alias(name) for name, kind in nothing.items()
        )
        return self._frame()

    def _choose(self, rows: IntArray) -> None:
        stopped = self.stopped[rows]
        self._stop(rows[stopped])
        super()._choose(rows[~stopped])

    def _stop(self, rows: IntArray) -> None:
        self.found.outcome[rows] = CODE[DECLINE]
        self.found.treatment[rows] = 0
        self.found.reasons[rows, 0] = self.found.word(codes.CHECK_STOPPED)

    def _best(self, rows: IntArray, part: pl.DataFrame, allowed: BoolArray) -> ChosenMany:
        return self._planned(rows, part, allowed)

    def _given(self, given: Given) -> ChosenMany:
        """A person's journey as the table gives it; of the rest the terms, with a plan."""
        found = super()._given(given)
        machine = (given.index > 0) & ~np.array(self.live._person)[given.index]
        at = np.flatnonzero(machine)
        alike = self.live.planner.alike_many(given.index[at], given.allowed[at])
        some = self._planned(given.rows[at], given.part[at], alike)
        for field in fields(ChosenMany):
            getattr(found, field.name)[at] = getattr(some, field.name)
        return found

    def _planned(self, rows: IntArray, part: pl.DataFrame, allowed: BoolArray) -> ChosenMany:
        live = self.live
        found, self.next[rows] = live.planner.many(
            arguments(part),
            (live.weights.base, live.weights.rows, self.masks(part)),
            allowed,
            self.passed[rows],
            may_decline=live.may_decline,
        )
        return found

    def _answer(self, rows: IntArray) -> None:
        asked = self.next[rows] >= 0
        self.found.outcome[rows[asked]] = CODE[ASK_FOR_MORE]
        super()._answer(rows[~asked])

    def _frame(self) -> pl.DataFrame:
        asked = self.found.outcome == CODE[ASK_FOR_MORE]
        names = pl.Series(self.steps, dtype=pl.String)
        at = pl.select(pl.when(pl.Series(asked)).then(pl.Series(self.next))).to_series()
        return super()._frame().with_columns(names.gather(at).alias(NEXT))


def _results(
    live: StepByStep, column: pl.Series | None, rows: int, file: str, first_row: int
) -> tuple[IntArray, BoolArray]:
    """Each row's set of checks passed, and whether one stopped it; equal results are read once."""
    passed = np.zeros(rows, dtype=np.int64)
    stopped = np.zeros(rows, dtype=np.bool_)
    seen: dict[Any, tuple[int, bool]] = {}
    for at, value in enumerate([] if column is None else column.to_list()):
        key = json.dumps(value, sort_keys=True)
        if key not in seen:
            where = Span(file or "applications", row=first_row + at)
            given = live.intake.checks({CHECKS: _results_in(value, where)}, where)
            names = [name for name, result in given.items() if result == PASSED]
            seen[key] = live.planner.set_of(names), STOPPED in given.values()
        passed[at], stopped[at] = seen[key]
    return passed, stopped


def _results_in(value: Any, where: Span) -> Mapping[str, Any] | None:
    """Results as one application has them, from a struct or JSON. Raises BadInput."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise BadInput(
                f"`checks` is {value!r:.60}, which is not JSON",
                where=where,
                field=CHECKS,
                mend='write {"name": "passed"}, or leave it empty',
            ) from None
    if isinstance(value, dict):  # a struct holds a field for every check of the column
        return {name: result for name, result in value.items() if result is not None}
    return value  # type: ignore[no-any-return]  # the intake says what is wrong with it


def _absent(live: StepByStep, columns: Iterable[str]) -> tuple[str, ...]:
    there = set(columns)
    contract = live.content.contract
    return tuple(
        name
        for name in live.later.steps
        if name not in there and contract.field(name).column not in there
    )


def _filled(frame: pl.DataFrame, lacking: Iterable[str]) -> pl.DataFrame:
    """The facts alone, with nothing in the columns that are not there yet."""
    nothing = pl.repeat(None, frame.height, eager=True)
    return frame.drop(CHECKS, strict=False).with_columns(nothing.alias(n) for n in lacking)
