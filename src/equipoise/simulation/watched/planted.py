"""What is planted in a watched lender: which shocks, and from which month on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, IntArray
from equipoise.simulation.watched.parameters import Shock


@dataclass(frozen=True, slots=True)
class Planted:
    """Shocks that all begin with month `onset`, which counts from the first table's as 0."""

    shocks: frozenset[Shock] = frozenset()
    onset: int = 0

    def since(self, shock: Shock, month: IntArray) -> BoolArray:
        """Where the shock holds, by month."""
        if shock not in self.shocks:
            return np.zeros(month.shape, dtype=bool)
        return np.asarray(month >= self.onset)


NOTHING = Planted()
