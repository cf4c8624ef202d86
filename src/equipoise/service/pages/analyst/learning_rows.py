"""The rows of a ranking, as its page says them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from equipoise.review.learning.result_document import (
    Assumption,
    LearningResult,
    PlannedExperiment,
)
from equipoise.review.learning.wording import (
    change_words,
    experiment_words,
    share_words,
    worth_words,
)
from equipoise.texts.numbers import count, fixed, money, plain
from equipoise.texts.saying import retold, say

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Row:
    """An assumption in words; `planned` is the experiment's name where it is planned."""

    place: int
    input: str
    label: str
    tied: bool
    now: str
    narrower: str
    evpi: str
    evsi: str
    change: str
    experiment: str
    whom: str
    people: str
    weeks: str
    cost: str
    risk: str
    settles: bool
    can: bool
    trial: bool
    planned: str


def shown(result: LearningResult, planned: dict[str, str]) -> dict[str, Any]:
    """All that the page says of a ranking; `planned` are names of experiments by input."""
    promise = result.promise
    return {
        "promise": say(
            "{middle} more of “{measure}” per 100 applicants, {low} to {high}",
            middle=fixed(promise.middle, 2),
            measure=retold(promise.label),
            low=fixed(promise.low, 2),
            high=fixed(promise.high, 2),
        ),
        "goal": retold(result.goal_label),
        "left": share_words(result.first_left),
        "three": worth_words(result.first_three),
        "everything": worth_words(result.everything),
        "rows": [
            _row(place, each, planned.get(each.input, ""), result.currency)
            for place, each in enumerate(result.assumptions[:SHOWN], 1)
        ],
        "more": max(0, len(result.assumptions) - SHOWN),
        "applicants": count(result.applicants),
        "draws": count(result.draws),
        "policies": count(result.policies),
        "per_day": plain(result.per_day),
        "another": not result.best_is_recommended,
    }


def _row(place: int, each: Assumption, planned: str, currency: str) -> Row:
    experiment = each.experiment
    return Row(
        place=place,
        input=each.input,
        label=retold(each.label),
        tied=each.tied,
        now=say(
            "{value} ({low} to {high})",
            value=plain(each.value),
            low=plain(each.low),
            high=plain(each.high),
        ),
        narrower=share_words(each.narrows.value),
        evpi=worth_words(each.evpi),
        evsi=worth_words(each.evsi),
        change=change_words(each),
        experiment=experiment_words(experiment),
        **_figures(experiment, currency),
        planned=planned,
    )


def _figures(experiment: PlannedExperiment | None, currency: str) -> dict[str, Any]:
    if experiment is None:
        empty = dict.fromkeys(("whom", "people", "weeks", "cost", "risk"), "")
        return {**empty, "settles": True, "can": False, "trial": False}
    return {
        "whom": share_words(experiment.whom) if experiment.trial else "",
        "people": count(experiment.people) if experiment.people else "",
        "weeks": count(experiment.weeks),
        "cost": money(round(experiment.cost), currency),
        "risk": money(round(experiment.risk), currency),
        "settles": experiment.settles,
        "can": True,
        "trial": experiment.trial,
    }
