"""Deciding a frame of applications: the same answers as one by one, to the bit."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from equipoise.numeric.arrays import BoolArray, IntArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import ASK_FOR_MORE
from equipoise.strategy.program import GRADE, NOT_ELIGIBLE, PD, POINTS, allowed_name
from equipoise.strategy.runtimes.frame.answers import CODE
from equipoise.strategy.runtimes.frame.cases import Cases, column
from equipoise.strategy.runtimes.frame.choosing import Choosing, Open, WholeJourneys
from equipoise.strategy.runtimes.frame.columns import answers_of
from equipoise.strategy.runtimes.frame.rules import Rules
from equipoise.strategy.runtimes.frame.scoring import Scoring
from equipoise.strategy.runtimes.frame.signing import sign
from equipoise.strategy.runtimes.frame.verdicts import Verdicts
from equipoise.texts import codes
from equipoise.value.measures import MEASURES

_NOT_ELIGIBLE, _PERSON = -2, -3


class FrameRuntime:
    """Decides all rows of a frame together, stage by stage."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled, self._program = compiled, compiled.program
        self._scoring, self._rules = Scoring(compiled), Rules(compiled)
        self._choosing = choosing_of(compiled)
        self._verdicts = Verdicts(compiled, self._choosing)

    def decide(
        self,
        frame: pl.DataFrame,
        *,
        at: date | None = None,
        file: str = "",
        first_row: int = 1,
        otherwise: date | None = None,
    ) -> pl.DataFrame:
        """One row per application, in order: the columns of an answer, then what is kept beside.

        `otherwise` is the day of a decision for which neither `at` nor the application says one;
        today unless given. Raises BadInput naming the row where an application's shape is wrong.
        """
        cases = Cases(self.compiled, frame, at, file, first_row, otherwise)
        return self._answers(cases).hstack(cases.extras)

    def valued(
        self, frame: pl.DataFrame, *, at: date | None = None, file: str = ""
    ) -> pl.DataFrame:
        """The answers of `decide`, each with its expected measures; of no treatment they are 0.

        `asked` is the amount asked for, `product` the product where the strategy names one.
        """
        cases = Cases(self.compiled, frame, at, file, 1)
        answers, measures = self._answers(cases), cases.answers.measures
        known = {"asked": "its amount", "product": "its product"}
        return answers.with_columns(
            **{name: measures[:, at] for at, name in enumerate(MEASURES)},
            **{name: cases.table[own] for name, own in known.items() if own in cases.table.columns},
        )

    def undecided(self, frame: pl.DataFrame) -> Open:
        """The program up to the choice: the rows that are left to choose a treatment for."""
        cases = Cases(self.compiled, frame, None, "", 1)
        rows = self._open_rows(cases)
        part = cases.table[rows]
        return Open(rows, part, self._eligible(part)[0])

    def _answers(self, cases: Cases) -> pl.DataFrame:
        cases.steps = [*self._choosing.steps]
        if cases.lacking:
            self._want(cases)
        else:
            self._choose(cases, self._open_rows(cases))
            sign(self.compiled, cases)
        return answers_of(self.compiled, cases)

    def _open_rows(self, cases: Cases) -> IntArray:
        return self._rules.open(cases, self._scoring.graded(cases))

    def _want(self, cases: Cases) -> None:
        """All lack the same facts: those who were stopped are declined, the others asked."""
        asking = self.compiled.asking
        if asking is not None:
            cases.steps.append(asking.pending.step(cases.lacking))
        cases.next[:] = len(cases.steps) - 1
        cases.answers.outcome[:] = CODE[ASK_FOR_MORE]
        self._verdicts.stopped(cases, np.flatnonzero(cases.results.stopped))
        nothing = {GRADE: pl.String, PD: pl.Float64, POINTS: pl.Float64}
        cases.table = cases.table.with_columns(
            pl.lit(None, dtype=kind).alias(name) for name, kind in nothing.items()
        )

    def _choose(self, cases: Cases, rows: IntArray) -> None:
        stopped = cases.results.stopped[rows]
        self._verdicts.stopped(cases, rows[stopped])
        rows = rows[~stopped]
        part = cases.table[rows] if rows.size < cases.rows else cases.table
        allowed, columns = self._eligible(part)
        some = Open(rows, part, allowed)
        if self._program.choice is None:
            self._verdicts.chosen(cases, rows, self._choosing.best(cases, some))
            return
        index = self._given(part.with_columns(**columns))
        cases.answers.refer(rows[index == _NOT_ELIGIBLE], codes.NOT_ELIGIBLE)
        self._verdicts.to_a_person(cases, rows[index == _PERSON])
        given = index >= 0
        some = some.only(given)
        chosen = self._choosing.given(cases, some, index[given])
        self._verdicts.chosen(cases, some.rows, chosen)

    def _eligible(self, part: pl.DataFrame) -> tuple[BoolArray, dict[str, pl.Series | pl.Expr]]:
        """(rows, treatments) which each may be given; and the same as columns by name."""
        allowed = np.ones((part.height, len(self._program.menu)), dtype=bool)
        columns: dict[str, pl.Series | pl.Expr] = {}
        for k, each in enumerate(self._program.allowed, start=1):
            columns[allowed_name(k)] = pl.lit(value=True)
            if each is not None:
                columns[allowed_name(k)] = held = column(part, each)
                allowed[:, k] = held.fill_null(value=False).to_numpy()
        return allowed, columns

    def _given(self, part: pl.DataFrame) -> IntArray:
        """(rows,) the place of the treatment that a table or a cut-off gives, or below 0."""
        if self._program.choice is None:
            raise AssertionError("the balance gives what is best")
        names = [each.name for each in self._program.menu]
        given = column(part, self._program.choice).replace_strict(
            [*names, NOT_ELIGIBLE],
            [*range(len(names)), _NOT_ELIGIBLE],
            default=_PERSON,
            return_dtype=pl.Int64,
        )
        return given.to_numpy()


def choosing_of(compiled: Compiled) -> Choosing:
    """The part that chooses as the strategy says."""
    if compiled.asking is not None:
        from equipoise.strategy.runtimes.frame.step_by_step import Planned

        return Planned(compiled, compiled.asking)
    if compiled.explorer is not None:
        from equipoise.strategy.runtimes.frame.exploring import Exploring

        return Exploring(compiled, compiled.explorer)
    return WholeJourneys(compiled)
