"""Which treatment each row gets: a part that is handed to the runtime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from equipoise.numeric.arrays import BoolArray, IntArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.conditions import owed
from equipoise.strategy.program import Program
from equipoise.strategy.runtimes.frame.answers import NONE
from equipoise.strategy.runtimes.frame.cases import Cases, arguments, column
from equipoise.strategy.runtimes.frame.owing import alike
from equipoise.value.compiled import ChosenMany


@dataclass(frozen=True, slots=True)
class Open:
    """Rows of a frame to choose for: their facts, and which treatments each may be given."""

    rows: IntArray
    part: pl.DataFrame
    allowed: BoolArray

    def only(self, mask: BoolArray) -> Open:
        """Some of them."""
        return Open(self.rows[mask], self.part.filter(pl.Series(mask)), self.allowed[mask])


class Choosing(Protocol):
    """How treatments are chosen, and which checks are asked for before they are given."""

    steps: list[str]

    def best(self, cases: Cases, some: Open) -> ChosenMany:
        """The best of the allowed treatments for each row."""

    def given(self, cases: Cases, some: Open, index: IntArray) -> ChosenMany:
        """What the treatment that a table gives each row, by its place, means for it."""

    def ask(self, cases: Cases, rows: IntArray) -> None:
        """Say in `cases.next` which step, by its place in `steps`, each row is asked for."""


class WholeJourneys:
    """The best whole treatment; its checks are asked for in the journey's order."""

    def __init__(self, compiled: Compiled) -> None:
        self._valuer, self._weights = compiled.valuer, compiled.weights
        self._program = compiled.program
        self.steps = [*compiled.conditions]

    def best(self, cases: Cases, some: Open) -> ChosenMany:  # noqa: ARG002 - facts are enough
        """See `Choosing`."""
        weights = self._weights
        held = limits_held(self._program, some.part)
        return self._valuer.many(
            *arguments(some.part), weights.base, weights.rows, held, some.allowed
        )

    def given(self, cases: Cases, some: Open, index: IntArray) -> ChosenMany:  # noqa: ARG002
        """See `Choosing`."""
        return self._valuer.given_many(*arguments(some.part), self._weights.base, index)

    def ask(self, cases: Cases, rows: IntArray) -> None:
        """The first check that is owed, of those who send results."""
        senders = rows[cases.results.given[rows]]
        for checks, results, some in alike(self._program.menu, cases, senders):
            left = owed(checks, results)
            cases.next[some] = self.steps.index(left[0]) if left else NONE


def limits_held(program: Program, part: pl.DataFrame) -> BoolArray:
    """(rows, limits) where the conditions of priced limits hold."""
    conditions = [each for each in program.where if each is not None]
    held = np.zeros((part.height, len(conditions)), dtype=bool)
    for at, each in enumerate(conditions):
        held[:, at] = column(part, each).fill_null(value=False).to_numpy()
    return held
