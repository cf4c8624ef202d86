"""How good stated chances are: Brier score and its parts, log score, calibration, and AUC."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.review.fairness.intervals import UNKNOWN, Interval, mean, share
from equipoise.risk.validation import auc, auc_interval


@dataclass(frozen=True, slots=True)
class Brier:
    """A Brier score and what it is made of: score = reliability - resolution + uncertainty.

    `reliability` is how far stated chances lie from what came (0 is best), `resolution` how far
    they tell cases apart, `uncertainty` what the cases alone would cost who knew only their rate.
    Source: Murphy 1973, Journal of Applied Meteorology 12.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float


@dataclass(frozen=True, slots=True)
class AtStep:
    """Of the cases to which one chance was stated: how many, how many went bad, and their share."""

    stated: float
    n: int
    bad: int
    rate: Interval


def decomposed(stated: FloatArray, bad: BoolArray) -> Brier:
    """The Brier score of chances (n,) in steps, and its parts; NaN without cases."""
    if not bad.size:
        return Brier(*[float("nan")] * 4)
    steps, place = np.unique(stated, return_inverse=True)
    n = np.bincount(place)
    rate = np.bincount(place, weights=bad.astype(np.float64)) / n
    base, weight = float(bad.mean()), n / bad.size
    return Brier(
        score=float(np.mean(np.square(stated - bad))),
        reliability=float(weight @ np.square(steps - rate)),
        resolution=float(weight @ np.square(rate - base)),
        uncertainty=base * (1 - base),
    )


def brier_interval(stated: FloatArray, bad: BoolArray, level: float) -> Interval:
    """The mean squared error of stated chances, with Student's interval."""
    return mean(np.square(stated - bad), level)


def log_score(stated: FloatArray, bad: BoolArray, level: float) -> Interval:
    """The mean of minus the log of the chance given to what came, with Student's interval."""
    return mean(-np.log(np.where(bad, stated, 1 - stated)), level)


def gap(one: FloatArray, other: FloatArray, bad: BoolArray, level: float) -> Interval:
    """Brier score of one less that of the other on the same cases, with a paired interval: below 0
    the one is nearer to what came."""
    first, second = float(one.mean()), float(other.mean())
    if_bad, if_good = ((first - came) ** 2 - (second - came) ** 2 for came in (1.0, 0.0))
    differences = np.square(one - bad) - np.square(other - bad)
    return guarded(differences, if_bad, if_good, level)


def guarded(values: FloatArray, if_bad: float, if_good: float, level: float) -> Interval:
    """The mean of values (n,) with an interval that does not take what was not seen for impossible.

    Among few cases perhaps none goes bad, and then values hardly scatter. So the interval is that
    of the cases and of two more that went bad and two that did not, worth `if_bad` and `if_good`,
    as Agresti and Coull add them to a share (1998, The American Statistician 52).
    """
    if values.size < 2:
        return UNKNOWN
    more = mean(np.concatenate([values, np.repeat([if_bad, if_good], 2)]), level)
    value = float(values.mean())
    return Interval(value, min(more.low, value), max(more.high, value))


def calibration(stated: FloatArray, bad: BoolArray, level: float) -> tuple[AtStep, ...]:
    """What came of the cases to which each chance was stated, in the order of chances."""
    points = []
    for step in np.unique(stated):
        chosen = stated == step
        n, hits = int(chosen.sum()), int(bad[chosen].sum())
        points.append(AtStep(float(step), n, hits, share(hits, n, level)))
    return tuple(points)


def discrimination(stated: FloatArray, bad: BoolArray, level: float) -> Interval:
    """The chance that a case which went bad was given more risk than one which did not, ties half;
    DeLong's interval on the logit. Not known with fewer than two of either.

    Where all are told apart that interval has no width, which few cases do not bear out: it reaches
    as far down as an interval for a share of the rarer side does.
    """
    bads = int(bad.sum())
    rarer = min(bads, bad.size - bads)
    if rarer < 2:
        return UNKNOWN
    value = auc(bad, stated)
    low, high = auc_interval(bad, stated, level)
    if value in (0.0, 1.0):
        return share(value * rarer, rarer, level)
    return Interval(value, low, high)


def right(approves: BoolArray, bad: BoolArray, level: float) -> Interval:
    """The share of answers that what came bears out: lent and good, or declined and bad."""
    return share(int((approves != bad).sum()), bad.size, level)
