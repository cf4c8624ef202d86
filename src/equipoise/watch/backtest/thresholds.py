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

    @property
    def false_alarms(self) -> float:
        """Alerts that were wrong, of a thousand months at risk."""
        closed = self.worth.alerts - self.worth.open
        wrong = closed - self.worth.hits
        return self.worth.per_thousand * wrong / closed if closed else 0.0

    @property
    def warned_ahead(self) -> float:
        """Months of warning that an event gets on average; none where it is not warned of."""
        if self.worth.lead is None or not self.worth.events:
            return 0.0
        return self.worth.lead[1] * self.worth.caught / self.worth.events


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
    for each in sorted(of, key=lambda one: (one.false_alarms, -one.warned_ahead)):
        if not kept or each.warned_ahead > kept[-1].warned_ahead:
            kept.append(each)
    return kept


def proposed(of: Sequence[Candidate]) -> Candidate | None:
    """The one of the frontier that gains most money; None where no threshold earns its alerts."""
    best = max(frontier(of), key=lambda each: each.worth.gain, default=None)
    return best if best is not None and best.worth.gain > 0 else None
