"""Choosing for many rows step by step: plans of checks and terms."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from equipoise.numeric.arrays import IntArray
from equipoise.strategy.asking.step_by_step import StepByStep
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.intake import PASSED
from equipoise.strategy.runtimes.frame.cases import Cases, arguments
from equipoise.strategy.runtimes.frame.choosing import Open, WholeJourneys, limits_held
from equipoise.value.compiled import ChosenMany


class Planned:
    """The treatment of each row's best plan on what is known, and the check it asks for first."""

    def __init__(self, compiled: Compiled, asking: StepByStep) -> None:
        self._planner, self._may_decline = asking.planner, asking.may_decline
        self._program, self._weights = compiled.program, compiled.weights
        self._by_person = np.array(compiled.by_person)
        self._whole = WholeJourneys(compiled)
        self.steps = [*asking.planner.names]

    def best(self, cases: Cases, some: Open) -> ChosenMany:
        """See `Choosing`."""
        weights = self._weights
        chosen, cases.next[some.rows] = self._planner.many(
            arguments(some.part),
            (weights.base, weights.rows, limits_held(self._program, some.part)),
            some.allowed,
            self._passed(cases)[some.rows],
            may_decline=self._may_decline,
        )
        return chosen

    def given(self, cases: Cases, some: Open, index: IntArray) -> ChosenMany:
        """A person's journey as the table gives it; of the rest the terms, with a plan."""
        chosen = self._whole.given(cases, some, index)
        machine = (index > 0) & ~self._by_person[index]
        at = np.flatnonzero(machine)
        alike = self._planner.alike_many(index[at], some.allowed[at])
        planned = self.best(cases, Open(some.rows[at], some.part[at], alike))
        for field in fields(ChosenMany):
            getattr(chosen, field.name)[at] = getattr(planned, field.name)
        return chosen

    def ask(self, cases: Cases, rows: IntArray) -> None:
        """The plan has said who is asked for more, whatever they send."""

    def _passed(self, cases: Cases) -> IntArray:
        """(rows,) the numbers of the sets of checks that are passed."""
        known = (cases.results.known(place) for place in range(len(cases.results.distinct)))
        sets = [
            self._planner.set_of(name for name, result in each.items() if result == PASSED)
            for each in known
        ]
        return np.array(sets, dtype=np.int64)[cases.results.of]
