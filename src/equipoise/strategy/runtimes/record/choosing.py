"""Which treatment one applicant gets: a part that is handed to the runtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.conditions import owed
from equipoise.strategy.runtimes.record.case import Case, Choice


class Choosing(Protocol):
    """How a treatment is chosen, and which check is asked for before it is given."""

    def choice(self, case: Case, place: int | None, allowed: BoolArray) -> Choice:
        """The treatment at a place, as a table gives it; the best of those allowed where None."""

    def next_check(self, case: Case, choice: Choice, checks: tuple[str, ...]) -> str | None:
        """Of a journey's checks the one to ask for now; None where the offer may be made."""


class Prices:
    """What the priced limits charge one applicant."""

    def __init__(self, compiled: Compiled) -> None:
        self._base, self._rows = compiled.weights.base, compiled.weights.rows
        conditions = compiled.program.where
        self._conditions = tuple(each.python for each in conditions if each is not None)

    def of(self, case: Case) -> tuple[FloatArray, Sequence[bool]]:
        """Value per unit of each measure (measures,), and which conditions of limits hold."""
        if not self._conditions:
            return self._base, ()
        weights, values = self._base, case.values
        held = [condition(values) is True for condition in self._conditions]
        for row, holds in zip(self._rows, held, strict=True):
            if holds:
                weights = weights + row
        return weights, held


class WholeJourneys:
    """The best whole treatment; its checks are asked for in the journey's order."""

    def __init__(self, compiled: Compiled) -> None:
        self._valuer, self._prices = compiled.valuer, Prices(compiled)

    def choice(self, case: Case, place: int | None, allowed: BoolArray) -> Choice:
        """See `Choosing`."""
        weights, held = self._prices.of(case)
        if place is None:
            return Choice(self._valuer.one(*case.person(), weights, allowed), held)
        return Choice(self._valuer.given(*case.person(), weights, place), held)

    def next_check(self, case: Case, choice: Choice, checks: tuple[str, ...]) -> str | None:  # noqa: ARG002 - whatever was chosen
        """The first that has not been passed, for whoever sends results."""
        if not case.sends_results:
            return None
        left = owed(checks, case.checks)
        return left[0] if left else None
