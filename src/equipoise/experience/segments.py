"""Cumulative incidence put together from stretches of time that were looked at apart.

What a stretch does to everybody who enters it hangs on who is at risk at its beginning and on its
own ends alone; stretch after stretch gives the curve of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from equipoise.experience.competing import log_log_interval
from equipoise.numeric.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time as it is for one who enters it: `survival` through it, `incidence` of
    each cause within it (causes,), and the sums of the delta-method variance over its times.

    With F the incidence so far within the stretch and the terms as in `competing`, `spread` is
    the sum of the spreads, `first` that of spread * F + cross, `second` that of
    spread * F^2 + 2 F cross + own.
    """

    survival: float
    incidence: FloatArray
    spread: float
    first: FloatArray
    second: FloatArray

    def then(self, later: Stretch) -> Stretch:
        """This stretch and the one that follows it."""
        reached, left = self.incidence, self.survival
        return Stretch(
            left * later.survival,
            reached + left * later.incidence,
            self.spread + later.spread,
            self.first + reached * later.spread + left * later.first,
            self.second
            + reached**2 * later.spread
            + 2 * reached * left * later.first
            + left**2 * later.second,
        )

    @property
    def variance(self) -> FloatArray:
        """Variance of each incidence at the end, where the stretch begins with everybody."""
        reached = self.incidence
        whole = reached**2 * self.spread - 2 * reached * self.first + self.second
        return np.asarray(np.maximum(whole, 0.0))

    def at(self, cause: int) -> tuple[float, float, float]:
        """Incidence of a cause (1, 2, ...) by the end with its 95 % interval: value, low, high."""
        return log_log_interval(float(self.incidence[cause - 1]), float(self.variance[cause - 1]))


def nothing_yet(causes: int) -> Stretch:
    """A stretch in which nobody ends."""
    none = np.zeros(causes)
    return Stretch(1.0, none, 0.0, none, none)


def stretch_of(ends: IntArray, gone: IntArray, at_risk: int) -> Stretch:
    """A stretch by its different times, rising: how many ended at each by cause (causes, times),
    how many were gone after each, censored ones among them (times,), and how many entered."""
    here = at_risk - np.concatenate([[0], np.cumsum(gone)[:-1]]).astype(np.float64)
    any_end = ends.sum(axis=0) > 0
    ended, here = ends[:, any_end].astype(np.float64), here[any_end]
    if not here.size:
        return nothing_yet(ends.shape[0])
    total = ended.sum(axis=0)
    survival = np.cumprod(1 - total / here)
    before = np.concatenate([[1.0], survival[:-1]])
    reached = np.cumsum(before * ended / here, axis=1)
    spare = here - total
    # as in `competing`: where everyone at risk ends, survival is zero from then on
    spread = np.where(spare > 0, total / (here * np.where(spare > 0, spare, 1.0)), 0.0)
    cross = before * ended / here**2
    own = before**2 * (here - ended) * ended / here**3
    return Stretch(
        float(survival[-1]),
        reached[:, -1],
        float(spread.sum()),
        (spread * reached + cross).sum(axis=1),
        (spread * reached**2 + 2 * reached * cross + own).sum(axis=1),
    )


def one_after_another(stretches: Iterable[Stretch], causes: int) -> Stretch:
    """All of them, in their order."""
    whole = nothing_yet(causes)
    for each in stretches:
        whole = whole.then(each)
    return whole
