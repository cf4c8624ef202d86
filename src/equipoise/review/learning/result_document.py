"""learning.json: a ranking of assumptions as it is stored and shown, versioned and read strictly.

Worths and promises are in the unit of their measure per 100 applicants; `a_year` at the flow.
"""

from __future__ import annotations

from typing import Any, Literal

from equipoise.documents import Document
from equipoise.review.learning.experiments import Experiment
from equipoise.review.learning.information import Worth
from equipoise.review.learning.ranking import Learning, Lesson
from equipoise.value.labels import input_label
from equipoise.value.measures import TABLE

FORMAT: Literal[1] = 1
PER = 100  # applicants
DAYS = 365


class Estimated(Document):
    """A figure with the ends of its interval."""

    value: float
    low: float
    high: float


class PlannedExperiment(Document):
    """The cheapest experiment that settles an input. Money is in the contract's currency."""

    kind: str
    trial: bool
    outcomes: int
    people: int
    recruiting_days: float
    days: float
    cost: float
    risk: float
    error: float
    settles: bool
    whom: float
    treatments: tuple[str, ...]

    @property
    def weeks(self) -> float:
        """Until the last outcome is known."""
        return self.days / 7


class Assumption(Document):
    """One input, what knowing it is worth, and how it would be measured.

    `tips_below` and `tips_above` are values beyond which another policy is better, `changed` the
    share of applicants whom that one treats otherwise.
    """

    input: str
    label: str
    value: float
    low: float
    high: float
    unit: str
    provenance: str
    source: str
    evpi: Estimated
    evsi: Estimated
    evpi_a_year: float
    evsi_a_year: float
    narrows: Estimated
    narrows_fully: Estimated
    left: float
    tied: bool
    tips_below: float | None
    tips_above: float | None
    changed: float
    experiment: PlannedExperiment | None


class Promise(Document):
    """What the recommended policy brings over today's: the middle, and the 95 % interval."""

    measure: str
    label: str
    low: float
    middle: float
    high: float


class LearningResult(Document):
    """All that a person or a program may want to read of a ranking."""

    format: Literal[1]
    workspace: str
    currency: str
    by: Literal["promise", "decision"]
    per_day: float
    share: float
    applicants: int
    draws: int
    policies: int
    seed: int
    refused: int
    promise: Promise
    goal: str
    goal_label: str
    everything: Estimated
    first_three: Estimated
    first_left: float
    best_is_recommended: bool
    assumptions: tuple[Assumption, ...]

    def assumption(self, name: str) -> Assumption:
        """The one of that input. Raises LookupError."""
        for each in self.assumptions:
            if each.input == name:
                return each
        raise LookupError(name)

    def as_dict(self) -> dict[str, Any]:
        """As learning.json holds it."""
        return self.model_dump(mode="json")


def learning_result(learning: Learning, workspace: str, currency: str) -> LearningResult:
    """A ranking as it is stored."""
    low, middle, high = (PER * each for each in learning.promise)
    return LearningResult(
        format=FORMAT,
        workspace=workspace,
        currency=currency,
        by=learning.by,
        per_day=learning.flow.per_day,
        share=learning.flow.share,
        applicants=learning.applicants,
        draws=learning.draws,
        policies=learning.policies,
        seed=learning.seed,
        refused=learning.refused,
        promise=Promise(
            measure=learning.measure,
            label=TABLE[learning.measure].label,
            low=low,
            middle=middle,
            high=high,
        ),
        goal=learning.goal,
        goal_label=TABLE[learning.goal].label,
        everything=_estimated(learning.everything, PER),
        first_three=_estimated(learning.first_three, PER),
        first_left=learning.first_left,
        best_is_recommended=learning.best_is_recommended,
        assumptions=tuple(_assumption(each, learning.flow.per_day) for each in learning.lessons),
    )


def _assumption(lesson: Lesson, per_day: float) -> Assumption:
    prior, tip = lesson.prior, lesson.tip
    return Assumption(
        input=prior.name,
        label=input_label(prior.name),
        value=prior.declared.value,
        low=prior.low,
        high=prior.high,
        unit=prior.declared.unit,
        provenance=prior.declared.provenance,
        source=prior.declared.source,
        evpi=_estimated(lesson.perfect, PER),
        evsi=_estimated(lesson.sample, PER),
        evpi_a_year=lesson.perfect.value * per_day * DAYS,
        evsi_a_year=lesson.sample.value * per_day * DAYS,
        narrows=_estimated(lesson.narrows),
        narrows_fully=_estimated(lesson.narrows_fully),
        left=lesson.left,
        tied=lesson.tied,
        tips_below=tip.below,
        tips_above=tip.above,
        changed=tip.changed,
        experiment=_planned(lesson.experiment),
    )


def _estimated(worth: Worth, times: float = 1.0) -> Estimated:
    return Estimated(value=times * worth.value, low=times * worth.low, high=times * worth.high)


def _planned(experiment: Experiment | None) -> PlannedExperiment | None:
    if experiment is None:
        return None
    return PlannedExperiment.model_validate({**experiment.as_dict(), "trial": experiment.is_trial})
