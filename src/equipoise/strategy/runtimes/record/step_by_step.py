"""Deciding one application step by step: asked again as results and facts arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from equipoise.errors import Span
from equipoise.numeric.arrays import BoolArray
from equipoise.strategy.asking.figures import AskingFigures
from equipoise.strategy.asking.pending_facts import PendingFacts
from equipoise.strategy.asking.planner import Planner
from equipoise.strategy.asking.trace import Weighing
from equipoise.strategy.compiled import Compiled, Run
from equipoise.strategy.decision import (
    ASK_FOR_MORE,
    Decision,
    Outcome,
    Trace,
)
from equipoise.strategy.intake import PASSED, Intake
from equipoise.strategy.sealing import Sealed
from equipoise.value.compiled import Chosen, Figures


class StepByStep(Compiled):
    """A strategy that names the next check only while it is worth more than it costs.

    An application may leave out facts that a later step of the contract asks for: then that step
    is named. What has no word of `asking` in its strategy is decided by `Compiled` alone.
    """

    def __init__(self, sealed: Sealed) -> None:
        super().__init__(sealed)
        content = self.content
        figures = Figures.from_dict(content.figures)
        asking = AskingFigures.from_dict(content.asking or {})
        self.planner = Planner(figures, asking, self.program.menu, self.document.person)
        self.may_decline = self._choice is None
        journeys = {each.journey.name: each.journey for each in self.program.menu if each.journey}
        self.later = PendingFacts.of(content.contract, self.program.inputs, journeys.values())
        self.intake = Intake(
            self.edition,
            content.contract,
            self.program.inputs,
            frozenset(self.conditions),
            self.later.fields,
        )

    def decide(
        self,
        application: Mapping[str, Any],
        *,
        at: date | None = None,
        where: Span | None = None,
    ) -> Decision:
        """Decide one application on what is known of it; see `Compiled.decide`."""
        return _Steps(self, application, at, where).decision()


class _Steps(Run):
    """One pass, in which the choice is a plan of checks and terms."""

    compiled: StepByStep

    def __init__(
        self,
        compiled: StepByStep,
        application: Mapping[str, Any],
        at: date | None,
        where: Span | None,
    ) -> None:
        super().__init__(compiled, application, at, where)
        self.lacking = compiled.later.lacking(compiled.intake.facts.named(application, where))
        self.weighing: Weighing | None = None

    def _outcome(self) -> Outcome:
        if not self.lacking:
            return super()._outcome()
        self.values = {**dict.fromkeys(self.compiled._features), **self.record}
        stopped = self._stopped()
        if stopped is not None:
            return stopped
        self.next_check = self.compiled.later.step(self.lacking)
        return ASK_FOR_MORE

    def _valued(self, place: int | None, allowed: BoolArray) -> Chosen:
        compiled = self.compiled
        if place is not None:
            if compiled._person[place]:
                return super()._valued(place, allowed)
            allowed = compiled.planner.alike(place, allowed)
        passed = compiled.planner.set_of(n for n, held in self.checks.items() if held == PASSED)
        person, weights = self._arguments(), self._weights()
        plan = compiled.planner.one(
            person, weights, allowed, passed, may_decline=compiled.may_decline
        )
        self.weighing = Weighing(
            compiled.planner, plan, person, weights, allowed, compiled.may_decline
        )
        return plan.chosen

    def _answered(self, checks: tuple[str, ...], amount: float, months: float) -> Outcome:
        if self.weighing is not None and self.weighing.plan.asked >= 0:
            self.next_check = self.compiled.planner.names[self.weighing.plan.asked]
            return ASK_FOR_MORE
        return super()._answered(checks, amount, months)

    def _trace(self) -> Trace:
        asking: dict[str, Any] = {}
        if self.lacking:
            asking = {"lacking": list(self.lacking)}
        elif self.weighing is not None:
            asking = self.weighing.told()
        return replace(super()._trace(), asking=asking or None)
