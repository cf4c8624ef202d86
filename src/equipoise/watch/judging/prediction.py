"""What the next period would bring if nothing changed: the history's mean, and how far periods
differ from one another beyond sampling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from equipoise.numeric.arrays import FloatArray

FEWEST_PERIODS = 6


@dataclass(frozen=True, slots=True)
class History:
    """The mean of a history and its variance, the variance `between` its periods, and how many
    periods there are."""

    mean: float
    error: float
    between: float
    periods: int

    def chances(self, scaled: FloatArray, sampling: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The chance of a value as low, and of one as high, in a period like those.

        Student's with as many degrees of freedom as periods less one: the spread between few
        periods is hardly known, and alarms are a matter of tails.
        """
        spread = np.sqrt(sampling + self.between + self.error)
        below = special.stdtr(self.periods - 1, (scaled - self.mean) / spread)
        return np.asarray(below), np.asarray(special.stdtr(
            self.periods - 1, (self.mean - scaled) / spread
        ))  # fmt: skip


def history_of(scaled: FloatArray, sampling: FloatArray, floor: float = 0.0) -> History | None:
    """A random-effects model of the periods that count something; None where they are too few.

    The variance between periods is Paule and Mandel's, the root at which the weighted squares come
    to their expectation, at least `floor`. Source: Paule and Mandel 1982, J. Res. NBS 87.
    """
    known = np.isfinite(scaled) & np.isfinite(sampling) & (sampling >= 0)
    y, v = scaled[known], np.maximum(sampling[known], 1e-15)
    if y.size < FEWEST_PERIODS:
        return None
    between = max(_paule_mandel(y, v), floor)
    weights = 1 / (v + between)
    whole = weights.sum()
    return History(float((weights * y).sum() / whole), float(1 / whole), between, y.size)


def _paule_mandel(y: FloatArray, v: FloatArray) -> float:
    """By Newton's steps from zero: the weighted squares fall and bend upwards, none overshoots."""
    between = 0.0
    for _ in range(200):
        weights = 1 / (v + between)
        off = y - (weights * y).sum() / weights.sum()
        excess = float((weights * off**2).sum() - (y.size - 1))
        step = excess / float((weights**2 * off**2).sum()) if excess > 0 else 0.0
        between += step
        if step <= 1e-12 * between:
            break
    return between
