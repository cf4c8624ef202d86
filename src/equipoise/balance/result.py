"""A balance that was found: the policies, the frontier, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.balance.appetite import AppetiteDocument
from equipoise.balance.curse import Curse
from equipoise.balance.frontier import Frontier
from equipoise.balance.limits import Held
from equipoise.balance.problem import Solution
from equipoise.balance.recommend import Axes
from equipoise.balance.sensitivity import Tornado
from equipoise.documents import Loaded, Quantity
from equipoise.value.measures import Measures
from equipoise.value.model import ValueModel
from equipoise.value.population import Population
from equipoise.value.treatments import TreatmentsDocument


@dataclass(frozen=True, slots=True)
class Balance:
    """Everything found: the model, the people, the policies, the frontier and its proof."""

    model: ValueModel
    people: Population
    frame: pl.DataFrame
    types: Mapping[str, str]
    appetite: Loaded[AppetiteDocument]
    axes: Axes
    held: tuple[Held, ...]
    today: Measures
    frontier: Frontier
    same_risk: Solution
    same_experience: Solution | None
    curse: Curse
    budget: float  # the level of the risk axis that same_risk was held to
    tornado: Tornado
    treatments: Loaded[TreatmentsDocument]
    name: str
    currency: str
    inputs: Mapping[str, Quantity]
    warnings: tuple[str, ...]
    seconds: float

    @property
    def choices(self) -> pl.DataFrame:
        """One row per applicant: `row` (from 1), today's treatment and the recommended one."""
        names = pl.Series([each.name for each in self.model.menu])
        return pl.DataFrame(
            {
                "row": np.arange(1, self.people.size + 1),
                "today": names.gather(self.people.today),
                "recommended": names.gather(self.same_risk.choice),
            }
        )
