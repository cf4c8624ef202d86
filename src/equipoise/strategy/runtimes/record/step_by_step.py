"""Choosing for one applicant step by step: a plan of checks and terms."""

from __future__ import annotations

from equipoise.numeric.arrays import BoolArray
from equipoise.strategy.asking.step_by_step import StepByStep
from equipoise.strategy.asking.trace import Weighing
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.intake import PASSED
from equipoise.strategy.runtimes.record.case import Case, Choice
from equipoise.strategy.runtimes.record.choosing import Prices, WholeJourneys


class Planned:
    """The treatment of the best plan on what is known, and the check that it asks for first.

    What a table gives a person is the table's: of the rest it gives the terms alone.
    """

    def __init__(self, compiled: Compiled, asking: StepByStep) -> None:
        self._planner, self._may_decline = asking.planner, asking.may_decline
        self._prices, self._by_person = Prices(compiled), compiled.by_person
        self._whole = WholeJourneys(compiled)

    def choice(self, case: Case, place: int | None, allowed: BoolArray) -> Choice:
        """See `Choosing`."""
        planner, may_decline = self._planner, self._may_decline
        if place is not None:
            if self._by_person[place]:
                return self._whole.choice(case, place, allowed)
            allowed = planner.alike(place, allowed)
        passed = planner.set_of(name for name, held in case.checks.items() if held == PASSED)
        person, (weights, held) = case.person(), self._prices.of(case)
        plan = planner.one(person, weights, allowed, passed, may_decline=may_decline)
        weighing = Weighing(planner, plan, person, weights, allowed, may_decline)
        return Choice(plan.chosen, held, weighing=weighing)

    def next_check(self, case: Case, choice: Choice, checks: tuple[str, ...]) -> str | None:
        """The plan's; where it asks for none, what the journey still owes."""
        weighing = choice.weighing
        if weighing is not None and weighing.plan.asked >= 0:
            return self._planner.names[weighing.plan.asked]
        return self._whole.next_check(case, choice, checks)
