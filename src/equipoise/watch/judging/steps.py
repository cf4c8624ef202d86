"""What the next step would be if nothing changed: the mean step from one period to another, and how
far steps differ from one another beyond sampling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from equipoise.numeric.arrays import FloatArray
from equipoise.watch.judging.lasting import FEWEST_PERIODS


@dataclass(frozen=True, slots=True)
class Steps:
    """The mean step and its variance, the variance `between` steps, and how many there are."""

    mean: float
    error: float
    between: float
    count: int

    def chances(self, scaled: FloatArray, sampling: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The chance of a value as low, and of one as high, after a step like those.

        Student's with as many degrees of freedom as steps less one: the spread between few is
        hardly known, and alarms are a matter of tails.
        """
        spread = np.sqrt(sampling + self.between + self.error)
        below = special.stdtr(self.count - 1, (scaled - self.mean) / spread)
        return np.asarray(below), np.asarray(special.stdtr(
            self.count - 1, (self.mean - scaled) / spread
        ))  # fmt: skip


def steps_of(scaled: FloatArray, sampling: FloatArray, floor: float = 0.0) -> Steps | None:
    """A random-effects model of steps; None where they are too few.

    The variance between steps is Paule and Mandel's, the root at which the weighted squares come
    to their expectation, at least `floor`. Source: Paule and Mandel 1982, J. Res. NBS 87.
    """
    known = np.isfinite(scaled) & np.isfinite(sampling) & (sampling >= 0)
    y, v = scaled[known], np.maximum(sampling[known], 1e-15)
    if y.size < FEWEST_PERIODS:
        return None
    between = max(_paule_mandel(y, v), floor)
    weights = 1 / (v + between)
    whole = weights.sum()
    return Steps(float((weights * y).sum() / whole), float(1 / whole), between, y.size)


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
