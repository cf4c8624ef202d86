"""All that a lender's balance rests on at a time, and two times mixed: which factor moved what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
import polars as pl

from equipoise.balance import AppetiteDocument
from equipoise.balance.limits import Masks
from equipoise.balance.search import Asked, InMemory, Over
from equipoise.documents import Loaded
from equipoise.errors import BadInput
from equipoise.experience import ExperienceFit
from equipoise.progress import Progress, Silent
from equipoise.review.continuous.decomposition import Decomposition, decomposed
from equipoise.review.continuous.standing import standing
from equipoise.risk import RiskFit
from equipoise.value.model import value_model
from equipoise.value.population import read_population
from equipoise.value.treatments import TreatmentsDocument

FACTORS = ("population", "risk", "price response", "costs", "journeys", "limits")


@dataclass(frozen=True, slots=True)
class Situation:
    """A lender at a time: who applied (`facts`, as the contract reads them), the fitted risk and
    experience, the menu and the appetite. `types` are those of what expressions may read."""

    facts: pl.DataFrame
    types: Mapping[str, str]
    risk: RiskFit
    experience: ExperienceFit
    treatments: Loaded[TreatmentsDocument]
    appetite: Loaded[AppetiteDocument]
    window_months: float

    def asked(self) -> Asked:
        """What to solve: everybody whom the risk model scores. Raises BadInput where it scores
        nobody."""
        pd = self.risk.pd(self.facts)
        scored = np.isfinite(pd)
        if not scored.any():
            raise BadInput(
                "the risk model scores none of the applicants",
                mend="fit it again on applications of today",
            )
        lgd = self.risk.lgd_of(self.facts)
        frame = self.facts.with_columns(pl.Series("pd", pd), pl.Series("lgd", lgd)).filter(scored)
        types = {**self.types, "pd": "number", "lgd": "number"}
        response = (self.risk.price_response, self.risk.burden_response)
        model = value_model(
            self.treatments,
            self.experience,
            self.window_months,
            response,
            {"lgd": self.risk.lgd},
        )
        people = read_population(self.treatments, frame, types, self.experience)
        return Asked(model, people, Masks(frame, types), self.appetite)


def mixed(before: Situation, after: Situation, of_after: Collection[str]) -> Situation:
    """The situation with the factors named as they are after, the others as before.

    `costs` are the lender's rates and what each journey costs; `price response` how people take up
    offers; `journeys` everything else of menu and experience.
    """

    def of(factor: str) -> Situation:
        return after if factor in of_after else before

    take_up = of("price response").experience.take_up
    return Situation(
        facts=of("population").facts,
        types=of("population").types,
        risk=of("risk").risk,
        window_months=of("risk").window_months,
        experience=of("journeys").experience.model_copy(update={"take_up": take_up}),
        treatments=_priced(of("journeys").treatments, of("costs").treatments.value),
        appetite=of("limits").appetite,
    )


def moved(
    before: Situation,
    after: Situation,
    over: Over = InMemory,
    progress: Progress | None = None,
) -> Decomposition:
    """What moved of the standing between two times, by factor; a factor that is the same in both
    is not asked about, and has no part. n factors that differ take 2^n balances.

    Applicants are scored by the models as they stand, not out of fold: both times the same way.
    Raises Infeasible where an appetite cannot be met in some mixture.
    """
    factors = [each for each in FACTORS if _differs(each, before, after)]
    steps, solved = progress or Silent(), count(1)
    with steps.step("Finding what moved what") as step:

        def figures(of_after: frozenset[str]) -> Mapping[str, float]:
            standing_there = standing(mixed(before, after, of_after).asked(), over)
            step.advance(next(solved), 2 ** len(factors))
            return standing_there.figures()

        return decomposed(factors, figures)


def _priced(
    menu: Loaded[TreatmentsDocument], costs: TreatmentsDocument
) -> Loaded[TreatmentsDocument]:
    """The menu with another document's lender and costs; a journey of its own keeps its cost."""
    cost = {each.name: each.cost for each in costs.journeys}
    journeys = tuple(
        each.model_copy(update={"cost": cost.get(each.name, each.cost)})
        for each in menu.value.journeys
    )
    document = menu.value.model_copy(update={"lender": costs.lender, "journeys": journeys})
    return replace(menu, value=document)


def _scores(situation: Situation) -> tuple[object, ...]:
    """All of a risk fit that a standing rests on: a fit that is read back is the same fit."""
    risk = situation.risk
    models = {name: model.digest for name, model in risk.models.items()}
    return (
        models,
        risk.used,
        risk.features.texts(),
        risk.lgd,
        dict(risk.lgd_by_group),
        risk.lgd_group_field,
        risk.price_response,
        risk.burden_response,
        situation.window_months,
    )


def _differs(factor: str, before: Situation, after: Situation) -> bool:
    if factor == "population":
        return not before.facts.equals(after.facts)
    if factor == "risk":
        return _scores(before) != _scores(after)
    one, two = (_weighed(mixed(before, after, which)) for which in ((), (factor,)))
    return one != two


def _weighed(situation: Situation) -> tuple[object, ...]:
    """What is solved with: how far from the frontier one may stand changes nothing there."""
    appetite = situation.appetite.value.model_copy(update={"keep_within": None})
    return situation.experience, situation.treatments.value, appetite
