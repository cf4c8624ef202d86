"""What a strategy that asks step by step has besides: its plans, and the facts still to come."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.strategy.asking.figures import AskingFigures
from equipoise.strategy.asking.pending_facts import PendingFacts
from equipoise.strategy.asking.planner import Planner
from equipoise.strategy.content import Content
from equipoise.strategy.program import Program
from equipoise.value.compiled import Figures


@dataclass(frozen=True, slots=True)
class StepByStep:
    """Names the next check only while it is worth more than it costs.

    `pending` are the facts that an application may leave out until a later step of the contract
    asks for them; `may_decline` says that a plan may let the applicant go, which under a table or
    a cut-off is not the plan's to say.
    """

    planner: Planner
    pending: PendingFacts
    may_decline: bool

    @classmethod
    def of(cls, content: Content, program: Program) -> StepByStep:
        """Of a sealed strategy that has a section `asking`."""
        figures = Figures.from_dict(content.figures)
        asking = AskingFigures.from_dict(content.asking or {})
        planner = Planner(figures, asking, program.menu, content.strategy.person)
        journeys = {each.journey.name: each.journey for each in program.menu if each.journey}
        pending = PendingFacts.of(content.contract, program.inputs, journeys.values())
        return cls(planner, pending, may_decline=program.choice is None)
