"""When an answer arrives: how long those before waited, with those who still wait counted too.

A wait that has not ended is right-censored: it lasted at least so long. Leaving open cases out
would promise answers too early, since those that take long are the ones still open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInput
from equipoise.experience import CumulativeIncidence, cumulative_incidence
from equipoise.numeric.arrays import BoolArray, FloatArray

LEAST = 50  # arrivals still to come at a wait, below which nothing is promised from it
ONE_IN_TEN, HALF, NINE_IN_TEN = 0.1, 0.5, 0.9
SHARES = (ONE_IN_TEN, HALF, NINE_IN_TEN)
_LEVELS = "/"
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Arrival:
    """How long is left to wait, in the unit that waits were given in.

    `waits` holds a time for each of `shares`: that share of those in the same place have their
    answer by then; None where the waits known so far do not reach that share, which is then
    longer than `beyond`. `group` is whose waits they are, `arrivals` how many of them ended.
    """

    shares: tuple[float, ...]
    waits: tuple[float | None, ...]
    beyond: float
    group: str
    arrivals: int

    def wait(self, share: float) -> float | None:
        """The time by which one of `shares` has arrived. Raises ValueError for another share."""
        return self.waits[self.shares.index(share)]


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits of one group: who still waits by when, the waits (m,) that ended, rising, and
    the longest of all, ended or not: so far the curve is known."""

    curve: CumulativeIncidence
    ended: FloatArray
    longest: float

    def arrived_after(self, elapsed: float) -> int:
        """How many waited longer than `elapsed` and then had their answer."""
        return int(self.ended.size - np.searchsorted(self.ended, elapsed, side="right"))


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Waits of the past by stage.

    A stage such as `income_proof/standard` is within `income_proof`: where too few of it have
    arrived, the waits of the wider group answer for it.
    """

    groups: Mapping[str, Waits]

    @classmethod
    def fit(cls, durations: FloatArray, observed: BoolArray, stage: Sequence[str]) -> Arrivals:
        """Learn from waits (n,) in one unit, from entering a stage to the answer.

        `observed` (n,) says whether the answer came; the others waited at least so long: their
        case is open, or the person left. Source: Kaplan and Meier 1958, J. Am. Stat. Assoc. 53.
        Raises BadInput for negative waits and arrays of several lengths.
        """
        if not len(durations) == len(observed) == len(stage):
            raise BadInput("durations, observed and stage have one row for each wait")
        waits = np.asarray(durations, dtype=np.float64)
        came = np.asarray(observed, dtype=np.bool_)
        names, member = np.unique(np.asarray(stage, dtype=np.str_), return_inverse=True)
        within: dict[str, list[int]] = {}
        for place, name in enumerate(names):
            for group in _groups(str(name)):
                within.setdefault(group, []).append(place)
        chosen = {group: np.isin(member, places) for group, places in within.items()}
        return cls({group: _waits(waits[rows], came[rows]) for group, rows in chosen.items()})

    def after(
        self, stage: str, elapsed: float = 0.0, shares: Sequence[float] = SHARES
    ) -> Arrival | None:
        """How long is left for somebody who entered the stage `elapsed` ago.

        Conditional on having waited so long: the chance of waiting beyond t is S(t)/S(elapsed).
        None where fewer than 50 have arrived after such a wait, in the stage and in every wider
        group: nothing is promised. Raises BadInput for shares outside 0 to 1.
        """
        if not all(0 < share < 1 for share in shares):
            raise BadInput("shares of arrivals lie between 0 and 1")
        for group in _groups(stage):
            waits = self.groups.get(group)
            if waits is not None and waits.arrived_after(elapsed) >= LEAST:
                return _arrival(waits, group, elapsed, tuple(shares))
        return None

    def quantiles(
        self, stage: str, elapsed: float = 0.0, shares: Sequence[float] = SHARES
    ) -> tuple[float | None, ...]:
        """The waits of `after` alone; None for each share where nothing is promised."""
        arrival = self.after(stage, elapsed, shares)
        return (None,) * len(shares) if arrival is None else arrival.waits


def _groups(stage: str) -> list[str]:
    """The stage and the wider groups that it is within, the narrowest first."""
    parts = stage.split(_LEVELS)
    return [_LEVELS.join(parts[:n]) for n in range(len(parts), 0, -1)]


def _waits(durations: FloatArray, came: BoolArray) -> Waits:
    curve = cumulative_incidence(durations, came.astype(np.int64), 1)
    return Waits(curve, np.sort(durations[came]), float(durations.max()))


def _arrival(waits: Waits, group: str, elapsed: float, shares: tuple[float, ...]) -> Arrival:
    curve = waits.curve
    start = int(np.searchsorted(curve.times, elapsed, side="right"))
    waiting = curve.survival[start - 1] if start else 1.0
    times, left = curve.times[start:] - elapsed, curve.survival[start:] / waiting
    return Arrival(
        shares=shares,
        waits=tuple(_wait(times, left, share) for share in shares),
        beyond=waits.longest - elapsed,
        group=group,
        arrivals=waits.arrived_after(elapsed),
    )


def _wait(times: FloatArray, left: FloatArray, share: float) -> float | None:
    """The first time by which the share has arrived; None where the curve ends before."""
    reached = np.flatnonzero(left <= 1 - share + _ROUNDING)
    return float(times[reached[0]]) if reached.size else None
