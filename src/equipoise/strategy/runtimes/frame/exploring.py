"""Exploring near ties over a frame, as `Compiled` explores one by one, to the bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from equipoise.authority import SYSTEM
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.strategy.exploring.explorer import Explorer

if TYPE_CHECKING:
    from equipoise.strategy.compiled import Compiled
    from equipoise.value.compiled import ChosenMany

Arguments = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True, slots=True)
class ExploringFrame:
    """Applicants to choose for: their ids, what the valuer needs of them, grade and product."""

    compiled: Compiled
    explorer: Explorer
    ids: pl.Series
    arguments: Arguments
    grades: pl.Series
    products: pl.Series | None

    def apply(self, found: ChosenMany) -> tuple[FloatArray, BoolArray]:
        """Put the runner-up where the lot falls; each one's propensity, and who was explored."""
        propensity, explored = np.ones(found.net.size), np.zeros(found.net.size, dtype=bool)
        tied = self.explorer.tied_many(found.net, found.runner_up, found.runner_up_net)
        rows = np.flatnonzero(tied & self.ids.is_not_null().to_numpy())
        if not rows.size:
            return propensity, explored
        weights, valuer = self.compiled.weights.base, self.compiled.valuer
        pd, lgd, amount, months, income, apr = (each[rows] for each in self.arguments)
        other = valuer.given_many(
            pd, lgd, amount, months, income, apr, weights, found.runner_up[rows]
        )
        alone = self._needs_nobody(rows, found.index[rows], found.terms[rows, 1])
        alone &= self._needs_nobody(rows, other.index, other.terms[:, 1])
        fallen = np.fromiter(map(self.explorer.falls_on, self.ids.gather(rows)), dtype=bool)
        propensity[rows[alone]] = np.where(
            fallen[alone],
            self.explorer.propensity(explored=True),
            self.explorer.propensity(explored=False),
        )
        swapped = alone & fallen
        explored[rows[swapped]] = True
        self._swap(found, rows[swapped], other, swapped)
        return propensity, explored

    @staticmethod
    def _swap(found: ChosenMany, rows: IntArray, other: ChosenMany, kept: BoolArray) -> None:
        """The runner-up and what was best change places."""
        found.runner_up[rows], found.index[rows] = found.index[rows], other.index[kept]
        best = found.net[rows]
        found.net[rows], found.runner_up_net[rows] = found.runner_up_net[rows], best
        found.measures[rows], found.terms[rows] = other.measures[kept], other.terms[kept]

    def _needs_nobody(self, rows: IntArray, index: IntArray, amounts: FloatArray) -> BoolArray:
        """Whether the machine may give this alone: no person in its journey, none to sign."""
        compiled = self.compiled
        alone: BoolArray = ~np.array(compiled._person)[index]
        if compiled.authority is None:
            return alone
        product = None if self.products is None else "product"
        cases = pl.DataFrame({"amount": amounts, "grade": self.grades.gather(rows)})
        if self.products is not None:
            cases = cases.with_columns(product=self.products.gather(rows))
        level = compiled.authority.level_for_frame(cases, product=product)["level"]
        signed: BoolArray = (level == SYSTEM).to_numpy()
        alone &= (index == 0) | signed
        return alone
