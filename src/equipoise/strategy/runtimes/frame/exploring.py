"""Exploring near ties over a frame, as one by one, to the bit."""

from __future__ import annotations

import numpy as np
import polars as pl

from equipoise.authority import SYSTEM
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.exploring.explorer import Explorer
from equipoise.strategy.program import GRADE
from equipoise.strategy.runtimes.frame.cases import Cases, arguments, products
from equipoise.strategy.runtimes.frame.choosing import Open, WholeJourneys
from equipoise.value.compiled import ChosenMany


class Exploring:
    """The runner-up, where it is nearly as good and the lot falls on the applicant."""

    def __init__(self, compiled: Compiled, explorer: Explorer) -> None:
        self._explorer, self._valuer = explorer, compiled.valuer
        self._base, self._authority = compiled.weights.base, compiled.authority
        self._by_person = np.array(compiled.by_person)
        self._whole = WholeJourneys(compiled)
        self.steps = self._whole.steps

    def best(self, cases: Cases, some: Open) -> ChosenMany:
        """See `Choosing`; the answers learn each one's propensity, and who was explored."""
        explorer, best = self._explorer, self._whole.best(cases, some)
        tied = explorer.tied_many(best.net, best.runner_up, best.runner_up_net)
        ids = cases.ids[some.rows]
        near = np.flatnonzero(tied & ids.is_not_null().to_numpy())
        if not near.size:
            return best
        part = some.part[near]
        other = self._valuer.given_many(*arguments(part), self._base, best.runner_up[near])
        alone = self._needs_nobody(part, best.index[near], best.terms[near, 1])
        alone &= self._needs_nobody(part, other.index, other.terms[:, 1])
        fallen = np.fromiter(map(explorer.falls_on, ids.gather(near)), dtype=bool)
        answers, rows = cases.answers, some.rows[near]
        answers.propensity[rows[alone]] = np.where(
            fallen[alone],
            explorer.propensity(explored=True),
            explorer.propensity(explored=False),
        )
        swapped = alone & fallen
        answers.explored[rows[swapped]] = True
        self._swap(best, near[swapped], other, swapped)
        return best

    def given(self, cases: Cases, some: Open, index: IntArray) -> ChosenMany:
        """See `Choosing`."""
        return self._whole.given(cases, some, index)

    def ask(self, cases: Cases, rows: IntArray) -> None:
        """See `Choosing`."""
        self._whole.ask(cases, rows)

    @staticmethod
    def _swap(best: ChosenMany, rows: IntArray, other: ChosenMany, kept: BoolArray) -> None:
        """The runner-up and what was best change places."""
        best.runner_up[rows], best.index[rows] = best.index[rows], other.index[kept]
        net = best.net[rows]
        best.net[rows], best.runner_up_net[rows] = best.runner_up_net[rows], net
        best.measures[rows], best.terms[rows] = other.measures[kept], other.terms[kept]

    def _needs_nobody(self, part: pl.DataFrame, index: IntArray, amounts: FloatArray) -> BoolArray:
        """Whether the machine may give this alone: no person in its journey, none to sign."""
        alone: BoolArray = ~self._by_person[index]
        if self._authority is None:
            return alone
        cases = pl.DataFrame({"amount": amounts, "grade": part[GRADE]})
        product = products(part)
        if product is not None:
            cases = cases.with_columns(product=product)
        level = self._authority.level_for_frame(
            cases, product=None if product is None else "product"
        )["level"]
        signed: BoolArray = (level == SYSTEM).to_numpy()
        alone &= (index == 0) | signed
        return alone
