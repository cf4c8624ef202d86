# ruff: noqa: PLR0917  (called a million times: by position, an applicant's figures in one order)
"""The live value model: the best treatment net of prices, for one applicant or for millions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IndexArray
from equipoise.numeric.compiled import Either, compiled
from equipoise.value.compiled import arrays, kernels
from equipoise.value.compiled.figures import Figures
from equipoise.value.compiled.packing import packed
from equipoise.value.measures import MEASURES, Measures
from equipoise.value.treatments import Treatment

if TYPE_CHECKING:
    from equipoise.expression import DialectName
    from equipoise.value.compiled.sql import Question
    from equipoise.value.population import Population

_best_one = Either(kernels.best_one, arrays.best_one)
_given_one = Either(kernels.given_one, arrays.given_one)


class Chosen(NamedTuple):
    """What was chosen for one applicant; a decline has zero measures and zero terms.

    `index` is the place on the menu, `net` its value net of prices; `runner_up` is -1 (and its net
    NaN) where nothing else was allowed. `measures` (m,) in the order of `MEASURES`, `terms` are
    APR (a fraction a year), amount, months and instalment.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, of no use here
    net: float
    runner_up: int
    runner_up_net: float
    measures: FloatArray
    terms: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ChosenMany:
    """`Chosen` for many: arrays (applicants,), measures (applicants, m), terms (applicants, 4)."""

    index: IndexArray
    net: FloatArray
    runner_up: IndexArray
    runner_up_net: FloatArray
    measures: FloatArray
    terms: FloatArray

    @classmethod
    def empty(cls, size: int) -> ChosenMany:
        """Room for `size` applicants."""
        return cls(
            np.empty(size, dtype=np.intp),
            np.empty(size),
            np.empty(size, dtype=np.intp),
            np.empty(size),
            np.empty((size, len(MEASURES))),
            np.empty((size, 4)),
        )


class Valuer:
    """Values a menu from sealed figures; the same bits from `one`, `many`, `table` and SQL.

    Applicants come as: PD as the model gives it, LGD, amount and months asked, monthly income, and
    today's APR (a fraction a year); months are whole. `weights` (m,) is the value per unit of
    each measure. The decline, first on the menu, is worth 0 and always allowed; of equals the
    first on the menu is chosen.
    """

    def __init__(self, figures: Figures, menu: tuple[Treatment, ...]) -> None:
        self.figures, self.menu = figures, menu
        arrays = packed(figures, menu)
        self._parts = arrays.parts, arrays.lender, arrays.unit
        self._lanes = arrays.lanes, arrays.lender, arrays.unit

    def one(
        self,
        pd: float,
        lgd: float,
        amount: float,
        months: float,
        income: float,
        apr: float,
        weights: FloatArray,
        allowed: BoolArray,
    ) -> Chosen:
        """The best of the allowed treatments (treatments,) for one applicant."""
        return Chosen(
            *_best_one.run(*self._lanes, weights, allowed, pd, lgd, amount, months, income, apr)
        )

    def given(
        self,
        pd: float,
        lgd: float,
        amount: float,
        months: float,
        income: float,
        apr: float,
        weights: FloatArray,
        index: int,
    ) -> Chosen:
        """What the treatment at `index` means for one applicant; it has no runner-up."""
        chosen = _given_one.run(*self._lanes, weights, index, pd, lgd, amount, months, income, apr)
        return Chosen(index, chosen[0], -1, float("nan"), *chosen[1:])

    def many(
        self,
        pd: FloatArray,
        lgd: FloatArray,
        amount: FloatArray,
        months: FloatArray,
        income: FloatArray,
        apr: FloatArray,
        base: FloatArray,
        rows: FloatArray,
        masks: BoolArray,
        allowed: BoolArray,
    ) -> ChosenMany:
        """The best treatment of each applicant; arrays (applicants,), free of the interpreter lock.

        An applicant's weights are `base` (m,) plus, in order, each of `rows` (rows, m) where
        `masks` (applicants, rows) holds. `allowed` is (applicants, treatments).
        """
        chosen = ChosenMany.empty(pd.size)
        compiled(kernels.best_many)(
            *self._parts, base, rows, masks, allowed, pd, lgd, amount, months, income, apr,
            chosen.index, chosen.net, chosen.runner_up, chosen.runner_up_net, chosen.measures,
            chosen.terms,
        )  # fmt: skip
        return chosen

    def given_many(
        self,
        pd: FloatArray,
        lgd: FloatArray,
        amount: FloatArray,
        months: FloatArray,
        income: FloatArray,
        apr: FloatArray,
        weights: FloatArray,
        index: IndexArray,
    ) -> ChosenMany:
        """What the treatment at `index` (applicants,) means for each; weights (m,) for all."""
        chosen = ChosenMany.empty(pd.size)
        chosen.index[:] = index
        chosen.runner_up[:], chosen.runner_up_net[:] = -1, np.nan
        compiled(kernels.given_many)(
            *self._lanes, weights, chosen.index, pd, lgd, amount, months, income, apr, chosen.net,
            chosen.measures, chosen.terms,
        )  # fmt: skip
        return chosen

    def table(self, people: Population) -> Measures:
        """Every treatment for everybody: measures of shape (applicants, treatments)."""
        return Measures(
            *self.everything(
                people.seen_pd,
                people.lgd,
                people.amount,
                people.months,
                people.income,
                people.apr,
            )
        )

    def everything(
        self,
        pd: FloatArray,
        lgd: FloatArray,
        amount: FloatArray,
        months: FloatArray,
        income: FloatArray,
        apr: FloatArray,
    ) -> FloatArray:
        """Every measure of every treatment, (m, applicants, treatments), in `MEASURES`' order.

        Arrays (applicants,), contiguous float64. Free of the interpreter lock.
        """
        table = np.empty((len(MEASURES), pd.size, len(self.menu)))
        compiled(kernels.value_all)(*self._parts, pd, lgd, amount, months, income, apr, table)
        return table

    def sql(self, question: Question, dialect: DialectName) -> str:
        """`many` as a SELECT: the question's `keep`, then treatment, net, and the four terms.

        `treatment` is the place on the menu, NULL where an input is; a decline's terms are NULL.
        """
        from equipoise.value.compiled.sql import choice_sql
        from equipoise.value.compiled.unnested import unnested

        query = choice_sql(self.figures, self.menu, question, dialect)
        return unnested(query) if dialect == "sqlite" else query


def put_off_compiling() -> None:
    """Value one applicant without the compiler, to the same bit and a millisecond slower, until
    `compile_now`. For whoever has to answer before a compiler could be loaded."""
    for each in (_best_one, _given_one):
        each.put_off()


def compile_now() -> None:
    """Load the compiler, and use it from now on. Takes a second."""
    for each in (_best_one, _given_one):
        each.compile()
