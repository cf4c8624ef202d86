"""Where to draw the line: thresholds from which no other is both earlier and quieter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray
from equipoise.watch.backtest.worth import Months, Worth, worth_of

STEPS = 25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A threshold and what it would have been worth."""

    threshold: float
    worth: Worth


def candidates(
    months: Months,
    value: FloatArray,
    *,
    up: bool,
    horizon: int,
    costs: tuple[float, float],
) -> list[Candidate]:
    """Thresholds of a value (R,), NaN where it is not known, at quantiles of the months at risk:
    closer together where few are beyond."""
    known = months.at_risk() & np.isfinite(value)
    if not known.any():
        return []
    beyond = np.geomspace(0.001, 0.5, STEPS)
    places = np.unique(np.quantile(value[known], 1 - beyond if up else beyond))
    thresholds = []
    for place in places:
        warned = np.isfinite(value) & (value >= place if up else value <= place)
        worth = worth_of(months, warned, horizon=horizon, costs=costs)
        thresholds.append(Candidate(float(place), worth))
    return thresholds


def frontier(of: Sequence[Candidate]) -> list[Candidate]:
    """Those that no other beats: none has as few false alarms and warns longer ahead."""
    kept: list[Candidate] = []
    for each in sorted(of, key=lambda one: (one.worth.false_alarms, -one.worth.warned_ahead)):
        if not kept or each.worth.warned_ahead > kept[-1].worth.warned_ahead:
            kept.append(each)
    return kept


def proposed(of: Sequence[Candidate]) -> Candidate | None:
    """The one of the frontier that gains most money; None where no threshold earns its alerts."""
    best = max(frontier(of), key=lambda each: each.worth.gain, default=None)
    return best if best is not None and best.worth.gain > 0 else None
