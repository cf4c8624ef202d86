"""Which check to ask for next, if any: the best plan for one applicant, or for many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.numeric.compiled import compiled
from equipoise.strategy.asking import kernels
from equipoise.strategy.asking.figures import AskingFigures
from equipoise.strategy.asking.packing import packed
from equipoise.value.compiled import Chosen, ChosenMany, Figures
from equipoise.value.measures import MEASURES
from equipoise.value.treatments import Treatment

Arguments = tuple[float, float, float, float, float, float]
ManyArguments = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Plan:
    """What is best for one applicant now, and what was found on the way to it.

    `chosen` is the treatment planned for, with expected measures per applicant who stands here;
    `asked` the place of the check to ask for first, -1 for none. The rest is of the best `terms`
    (their row, -1 where none may be offered; `at` is what `at_terms` gives for them): `value` of
    standing in each set of checks, the `act` that is best there (see `kernels`) and what an offer
    there would be worth, all (sets,).
    """

    chosen: Chosen
    asked: int
    passed: int
    terms: int
    at: FloatArray
    value: FloatArray
    act: IntArray
    offers: FloatArray

    @property
    def odds(self) -> float:
        """Odds of default at the terms, before any check."""
        return float(self.at[6])


class Planner:
    """Plans over a strategy's menu and checks; the same decisions from `one` and `many`.

    Under a balance all allowed treatments compete and letting go is worth 0. Under a table or a
    cut-off the terms are those of the treatment given: checks alone are planned.
    """

    def __init__(
        self,
        figures: Figures,
        asking: AskingFigures,
        menu: tuple[Treatment, ...],
        person: Sequence[str],
    ) -> None:
        self.requests = asking.requests
        self.names = tuple(each.name for each in asking.requests)
        self.arrays = packed(figures, asking, menu, person)
        a = self.arrays
        self._parts = (
            a.terms, a.requests, a.sets, a.terms_of, a.needs, a.person, a.rest, a.lender, a.unit,
        )  # fmt: skip

    def set_of(self, names: Iterable[str]) -> int:
        """The number of a set of checks; names that are no check of the menu do not count."""
        return sum(1 << self.names.index(name) for name in names if name in self.names)

    def alike(self, index: int, allowed: BoolArray) -> BoolArray:
        """Of the allowed treatments (treatments,), those with the terms of the one at `index`.

        A person's journey is given by the table alone, never instead of what it gives.
        """
        alike: BoolArray = self.alike_many(np.array([index]), allowed[None, :])[0]
        return alike

    def alike_many(self, index: IntArray, allowed: BoolArray) -> BoolArray:
        """`alike` for each applicant: `index` (applicants,), `allowed` (applicants, treatments)."""
        a = self.arrays
        same = (a.terms_of == a.terms_of[index - 1][:, None]) & ~a.person
        alike = allowed.copy()
        alike[:, 1:] &= same
        return alike

    def one(
        self,
        person: Arguments,
        weights: FloatArray,
        allowed: BoolArray,
        passed: int,
        *,
        may_decline: bool,
    ) -> Plan:
        """The best plan for one applicant who has passed the set of checks `passed`.

        `person` is pd, lgd, amount, months, income and apr as `Valuer.one` takes them; `allowed`
        is (treatments,), `weights` (m,).
        """
        size = len(self.arrays.sets)
        offers, value = np.full(size, np.nan), np.full(size, np.nan)
        act = np.full(size, kernels.NOTHING, dtype=np.int64)
        at, measures = np.zeros((2, 8)), np.zeros(len(MEASURES))
        index, asked, net, chosen = compiled(kernels.plan_one)(
            *self._parts, weights, allowed[1:], passed, may_decline, False, *person,
            offers, value, act, at, measures,
        )  # fmt: skip
        terms = at[1, :4].tolist() if index else [0.0] * 4
        best = Chosen(index, net, NOBODY, float("nan"), measures, tuple(terms))
        return Plan(best, asked, passed, chosen, at[1], value, act, offers)

    def many(
        self,
        people: ManyArguments,
        weights: tuple[FloatArray, FloatArray, BoolArray],
        allowed: BoolArray,
        passed: IntArray,
        *,
        may_decline: bool,
    ) -> tuple[ChosenMany, IntArray]:
        """`one` for each applicant: what is planned for, and the check to ask for first.

        `weights` are base (m,), rows (rows, m) and masks (applicants, rows) as `Valuer.many`
        takes them; `allowed` is (applicants, treatments), `passed` (applicants,). The decision is
        that of `one` to the bit; measures are per applicant who starts and is asked for all that
        is planned, as the menu counts whole journeys, so that strategies can be compared.
        """
        size = people[0].size
        chosen, asked = ChosenMany.empty(size), np.full(size, NOBODY, dtype=np.int64)
        chosen.runner_up[:], chosen.runner_up_net[:] = NOBODY, np.nan
        compiled(kernels.plan_many)(
            *self._parts, *weights, np.ascontiguousarray(allowed[:, 1:]), passed, may_decline,
            *people, chosen.index, asked, chosen.net, chosen.measures, chosen.terms,
        )  # fmt: skip
        return chosen, asked
