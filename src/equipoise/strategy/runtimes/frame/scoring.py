"""From facts to grades, over all rows."""

from __future__ import annotations

import numpy as np
import polars as pl

from equipoise.numeric.arrays import BoolArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.program import GRADE, PD, POINTS
from equipoise.strategy.runtimes.frame.cases import DOUBT, Cases
from equipoise.texts import codes


class Scoring:
    """Features, doubts, points, PD and grade of every row."""

    def __init__(self, compiled: Compiled) -> None:
        self._program, self._model = compiled.program, compiled.model

    def graded(self, cases: Cases) -> BoolArray:
        """(rows,) which have a grade; the others are referred."""
        usable = ~self._doubted(cases)
        self._score(cases, usable)
        graded: BoolArray = usable & cases.table[PD].is_not_null().to_numpy()
        cases.answers.refer(np.flatnonzero(usable & ~graded), codes.NO_SCORE)
        return graded

    def _doubted(self, cases: Cases) -> BoolArray:
        for stage in self._program.facts:
            cases.add(stage)
        names = [DOUBT, *self._program.doubts]
        doubt = cases.table.select(pl.coalesce(names).alias("x"))["x"]
        cases.table = cases.table.drop(DOUBT)
        doubted = doubt.is_not_null().to_numpy()
        if doubted.any():
            first = doubt.str.split(" ").list.first()
            for code in first.drop_nulls().unique(maintain_order=True):
                rows = np.flatnonzero((first == code).fill_null(value=False).to_numpy())
                cases.answers.refer(rows, code)
        return doubted

    def _score(self, cases: Cases, usable: BoolArray) -> None:
        cases.features = cases.table.select(
            each.polars().cast(pl.String if each.type == "string" else pl.Float64).alias(name)
            for name, each in self._program.model_features.items()
        )
        points, pd = self._model.score_frame(cases.features)
        cases.table = cases.table.with_columns(
            pl.Series(POINTS, np.where(usable, points, np.nan), nan_to_null=True),
            pl.Series(PD, np.where(usable, pd, np.nan), nan_to_null=True),
        )
        cases.add({GRADE: self._program.grade})
