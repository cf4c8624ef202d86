"""Between two points of a frontier: a share of the applicants, by lot, gets each one's answer.

A limit is a sum over applicants that may not exceed a level, and both points keep all of them: so
does what is expected of their mixture, to which no solver is asked anything. It is a policy that
can be had, and the certified best at its level lies no lower (docs/adr/0045).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from equipoise.numeric.arrays import FloatArray
from equipoise.value.measures import RATES

_POINT = "point "
_SHIFT = np.uint64(11)  # of 64 bits 53 make a float


@dataclass(frozen=True, slots=True)
class Between:
    """A place between point `left` of a frontier (from 1) and the next: `share` of the applicants,
    0 to 1 without the ends, get the next one's answer."""

    left: int
    share: float

    @property
    def names(self) -> tuple[str, str]:
        """What both points are called."""
        return f"{_POINT}{self.left}", f"{_POINT}{self.left + 1}"

    @property
    def nearer(self) -> int:
        """The number of the point that most get the answer of."""
        return self.left + (self.share >= 0.5)


def between(place: str) -> Between | None:
    """The place that a name like `point 7.35` says; None for the name of one point or another
    place. Raises ValueError for what says no number."""
    if not place.startswith(_POINT):
        return None
    number = float(place.removeprefix(_POINT))
    if not 1 <= number < 1e6:
        raise ValueError(place)
    left = int(number)
    return Between(left, number - left) if number > left else None


@dataclass(frozen=True, slots=True)
class Spot:
    """A policy's place on the axes and its totals; `upper` is what the best at its level cannot
    exceed."""

    x: float
    y: float
    measures: Mapping[str, float]
    upper: float


def mixed(left: Spot, right: Spot, share: float, axes: tuple[str, str]) -> Spot:
    """What is expected of the mixture: totals in proportion, and rates of these totals; `axes` are
    the measures of both axes. Its bound is that of the looser end, which may use all that it may.
    """
    totals = {
        name: (1 - share) * value + share * right.measures[name]
        for name, value in left.measures.items()
    }
    for name, (top, bottom) in RATES.items():
        if name in totals and totals.get(bottom):
            totals[name] = totals[top] / totals[bottom]
    x, y = (
        _level(measure, totals, (getattr(left, axis), getattr(right, axis)), share)
        for axis, measure in zip("xy", axes, strict=True)
    )
    return Spot(x, y, totals, max(left.upper, right.upper))


def _level(
    measure: str, totals: Mapping[str, float], ends: tuple[float, float], share: float
) -> float:
    return totals[measure] if measure in RATES else (1 - share) * ends[0] + share * ends[1]


@lru_cache(maxsize=2)
def lots(applicants: int) -> FloatArray:
    """Each applicant's lot, 0 to 1, by a hash of their row: the same in every mixture, so that
    along the frontier nobody is moved to and fro.

    Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014),
    SplitMix64.
    """
    with np.errstate(over="ignore"):
        z = (np.arange(1, applicants + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    made = np.asarray((z >> _SHIFT) * 2.0**-53, dtype=np.float64)
    made.flags.writeable = False
    return made


@lru_cache(maxsize=4)
def moved_over(applicants: int, share: float) -> NDArray[np.bool_]:
    """Who gets the next point's answer: those whose lot lies below `share`."""
    made = np.asarray(lots(applicants) < share)
    made.flags.writeable = False
    return made
