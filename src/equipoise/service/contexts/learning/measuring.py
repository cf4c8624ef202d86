"""What the arms of a planned experiment's trial say of its input."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.errors import BadInput
from equipoise.review.learning.proposing import FROM_OFFERS, Measurement
from equipoise.service.contexts.learning.models import Plan
from equipoise.service.contexts.learning.reading import planned_outcomes
from equipoise.service.contexts.trials import reading as trials


@dataclass(frozen=True, slots=True)
class InArms:
    """What was measured, in which trial; `complete` once it has ended and all answers are known."""

    measurement: Measurement
    trial: int
    complete: bool


def in_arms(plan: Plan) -> InArms:
    """What the trial that bears the plan's name says of its input by now. Raises BadInput where
    none does, or where it cannot say."""
    from equipoise.review.learning.arms import measured  # large

    if plan.input not in FROM_OFFERS:
        raise BadInput(
            "the offers of a trial do not tell this",
            field=plan.input,
            mend="propose what was measured elsewhere, with its source",
        )
    trial = trials.named(plan.experiment)
    if trial is None:
        raise BadInput("no trial bears this experiment's name yet", field="experiment")
    known = trials.offers(trial.id)
    outcomes = planned_outcomes(plan.ranking_id, plan.input)
    return InArms(measured(known.offers, plan.input, outcomes), trial.id, known.complete)
