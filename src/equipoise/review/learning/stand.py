"""What a recommendation stands on: the people, the appetite, and the policy recommended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from equipoise.balance.appetite import AppetiteDocument
from equipoise.balance.limits import Masks
from equipoise.balance.problem import Choice
from equipoise.balance.search import Asked
from equipoise.documents import Loaded
from equipoise.review.learning.priors import Prior, priors_of

SAMPLE = 3_000


@dataclass(frozen=True, slots=True)
class Stand:
    """A balance that was asked for, what it recommended and how far its loss budget was cut.

    `recommended` is a treatment for each applicant; `budget` the level of risk it was held to, as
    a share of today's.
    """

    asked: Asked
    recommended: Choice
    budget: float = 1.0

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Every input with a range."""
        model = self.asked.model
        return priors_of({**model.experience.quantities(), **model.quantities})

    def at(self, values: Mapping[str, float]) -> Asked:
        """The same balance with some inputs at other values."""
        return replace(self.asked, model=self.asked.model.replaced(values))

    def sampled(self, most: int = SAMPLE) -> Stand:
        """On an evenly spaced sample of the applicants, limits in absolute numbers scaled to it."""
        size = self.asked.people.size
        if size <= most:
            return self
        rows = np.unique(np.linspace(0, size - 1, most).astype(np.intp))
        asked = replace(
            self.asked,
            people=self.asked.people.rows(rows),
            masks=Masks(self.asked.masks.frame[rows], self.asked.masks.types),
            appetite=_scaled(self.asked.appetite, rows.size / size),
            progress=None,
        )
        return Stand(asked, self.recommended[rows], self.budget)


def _scaled(loaded: Loaded[AppetiteDocument], share: float) -> Loaded[AppetiteDocument]:
    """The appetite of a part of the applicants: a limit on a sum goes down with their number."""
    constraints = tuple(
        each.model_copy(
            update={
                side: getattr(each, side) * share
                for side in ("at_most", "at_least")
                if each.per is None and isinstance(getattr(each, side), float)
            }
        )
        for each in loaded.value.constraints
    )
    return replace(loaded, value=loaded.value.model_copy(update={"constraints": constraints}))
