"""From a card's points to a PD by a table, so that every engine gives the same number.

`exp` differs in its last bit between C libraries, so a PD computed by it would differ between
Python, Polars and the databases. A card's PD is therefore defined by a table: calibrated PDs at
equal steps of points (a twentieth of the points that double the odds), straight lines between
them. Only +, -, * and / are used, which IEEE 754 makes the same everywhere. Between two steps the
line leaves the logistic curve by less than 0.02 % of the PD.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray

STEPS_PER_PDO = 20


@dataclass(frozen=True, slots=True)
class PdTable:
    """PDs (`pds`, at least two) at points `start`, `start + step`, ...; constant beyond the ends.

    `start` and `step` lie on the grid of points; `pds` go one way.
    """

    start: float
    step: float
    pds: tuple[float, ...]

    def at(self, points: float) -> float:
        """PD of one total of points."""
        t = (points - self.start) / self.step
        if t <= 0.0:
            return self.pds[0]
        if t >= len(self.pds) - 1:
            return self.pds[-1]
        i = int(t)
        return self.pds[i] + (t - i) * (self.pds[i + 1] - self.pds[i])

    def over(self, points: FloatArray) -> FloatArray:
        """PD of each total of points; NaN stays NaN. The same operations as `at`, in its order."""
        pds = np.asarray(self.pds)
        t = (points - self.start) / self.step
        known = np.where(np.isnan(t), 0.0, t)
        i = np.clip(known, 0, len(pds) - 2).astype(np.intp)
        inside = pds[i] + (known - i) * (pds[i + 1] - pds[i])
        last = len(pds) - 1
        pd = np.where(known <= 0.0, pds[0], np.where(known >= last, pds[last], inside))
        return np.where(np.isnan(t), np.nan, pd)


def tabulate(
    pd_of_points: Callable[[FloatArray], FloatArray], low: float, high: float, pdo: float
) -> PdTable:
    """The table of a function of points, from `low` to `high` at least.

    It falls as points rise; with a negative `pdo` it rises.
    """
    step = max(1.0, round(abs(pdo) * 2**20 / STEPS_PER_PDO)) / 2**20
    start = math.floor(low / step) * step
    count = max(2, math.ceil((high - start) / step) + 1)
    ordered = np.minimum if pdo > 0 else np.maximum
    pds = ordered.accumulate(pd_of_points(start + step * np.arange(count, dtype=np.float64)))
    return PdTable(start, step, tuple(float(pd) for pd in pds))
