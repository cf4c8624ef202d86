"""Time to event when the ends compete: accepted, declined and cancelled exclude each other.

Censored cases (still open when the log ends) count as being at risk until then, and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.intervals import normal_quantile, poisson_rate

CENSORED = 0


@dataclass(frozen=True, slots=True)
class CumulativeIncidence:
    """Aalen-Johansen curves: `times` (m,), the rest by cause (causes, m) or over all causes (m,).

    `incidence[k]` is the probability of having ended by cause `k + 1` by each time, `survival`
    of not having ended at all; the incidences and survival sum to one.
    """

    times: FloatArray
    at_risk: FloatArray
    survival: FloatArray
    incidence: FloatArray
    variance: FloatArray

    def at(self, time: float, cause: int) -> tuple[float, float, float]:
        """Incidence of a cause (1, 2, ...) by a time, with its 95 % interval: value, low, high.

        The interval is on the complementary log-log scale, so it stays inside 0 to 1.
        """
        index = int(np.searchsorted(self.times, time, side="right")) - 1
        if index < 0:
            return 0.0, 0.0, 0.0
        value = float(self.incidence[cause - 1, index])
        return log_log_interval(value, float(self.variance[cause - 1, index]))


def log_log_interval(value: float, variance: float) -> tuple[float, float, float]:
    """95 % interval of a probability with that variance: value, low, high.

    Source: Kalbfleisch and Prentice 2002, section 1.4, applied to an incidence.
    """
    if not 0 < value < 1 or variance <= 0:
        return value, value, value
    spread = normal_quantile() * np.sqrt(variance) / abs(value * np.log(value))
    return value, float(value ** np.exp(spread)), float(value ** np.exp(-spread))


def cumulative_incidence(
    time: FloatArray, cause: IntArray, causes: int, entry: FloatArray | None = None
) -> CumulativeIncidence:
    """Aalen-Johansen cumulative incidence of each cause, with delta-method variance.

    `time` (n,) from the start to the end or to censoring, in any unit; `cause` (n,) is 1 to
    `causes`, or 0 where censored; `entry` (n,) is when a case came under observation, for
    late entry. A case censored at a time counts as at risk at that time.
    Raises BadInput on negative durations and on unknown causes.
    Source: Aalen and Johansen 1978, Scandinavian Journal of Statistics 5; variance as in
    Marubini and Valsecchi 1995, section 10.3; with one cause it is Greenwood's.
    """
    _require_durations(time, entry)
    if cause.size and (cause.min() < 0 or cause.max() > causes):
        raise BadInput(f"causes must be 0 (censored) to {causes}")
    times = np.unique(time[cause != CENSORED])
    at_risk = _at_risk(times, time, entry)
    ends = np.zeros((causes, times.size))
    place = np.searchsorted(times, time)
    for k in range(causes):
        ends[k] = np.bincount(place[cause == k + 1], minlength=times.size)[: times.size]
    total = ends.sum(axis=0)
    survival = np.cumprod(1 - total / at_risk)
    before = np.concatenate([[1.0], survival[:-1]])
    incidence = np.cumsum(before * ends / at_risk, axis=1)
    variance = _variance(incidence, before, ends, total, at_risk)
    return CumulativeIncidence(times, at_risk, survival, incidence, variance)


def _at_risk(times: FloatArray, time: FloatArray, entry: FloatArray | None) -> FloatArray:
    remaining = time.size - np.searchsorted(np.sort(time), times, side="left")
    if entry is None:
        return remaining.astype(np.float64)
    not_yet = entry.size - np.searchsorted(np.sort(entry), times, side="left")
    return (remaining - not_yet).astype(np.float64)


def _variance(
    incidence: FloatArray,
    before: FloatArray,
    ends: FloatArray,
    total: FloatArray,
    at_risk: FloatArray,
) -> FloatArray:
    """Delta-method variance; the sums over earlier times are expanded in powers of F(t)."""
    spare = at_risk - total
    # where everyone at risk ends, survival is zero from then on and the term's factor with it
    spread = np.where(spare > 0, total / (at_risk * np.where(spare > 0, spare, 1.0)), 0.0)
    cross = before * ends / at_risk**2
    own = before**2 * (at_risk - ends) * ends / at_risk**3
    a = np.cumsum(spread)
    b = np.cumsum(spread * incidence + cross, axis=1)
    c = np.cumsum(spread * incidence**2 + 2 * incidence * cross + own, axis=1)
    return np.asarray(np.maximum(incidence**2 * a - 2 * incidence * b + c, 0.0))


@dataclass(frozen=True, slots=True)
class HazardBand:
    """A cause-specific hazard over one band of waiting, with its exact 95 % interval."""

    start: float
    end: float
    exposure: float
    events: int
    hazard: float
    low: float
    high: float


def cause_specific_hazards(
    time: FloatArray,
    cause: IntArray,
    of: int,
    bands: Sequence[float],
    entry: FloatArray | None = None,
) -> list[HazardBand]:
    """Ends by cause `of` per unit of time at risk, in each band of waiting.

    `bands` are the edges, rising; other causes and censoring only end the time at risk.
    Occurrence over exposure, exact Poisson interval (Garwood 1936).
    """
    _require_durations(time, entry)
    exposure, events = band_totals(time, cause == of, np.asarray(bands, dtype=np.float64), entry)
    return hazards_of_bands(exposure, events, bands)


def hazards_of_bands(
    exposure: FloatArray, events: FloatArray, bands: Sequence[float]
) -> list[HazardBand]:
    """The hazard of each band by its time at risk and its ends."""
    low, high = poisson_rate(events, exposure)
    rate = np.divide(events, exposure, out=np.zeros_like(events), where=exposure > 0)
    return [
        HazardBand(
            start=float(bands[i]),
            end=float(bands[i + 1]),
            exposure=float(exposure[i]),
            events=int(events[i]),
            hazard=float(rate[i]),
            low=float(low[i]),
            high=float(high[i]),
        )
        for i in range(exposure.size)
    ]


def band_totals(
    time: FloatArray,
    ended: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    edges: FloatArray,
    entry: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Time at risk and number of ends in each band; a band holds its start, not its end."""
    start = np.zeros_like(time) if entry is None else entry
    exposure = np.array(
        [
            np.clip(np.minimum(time, high) - np.maximum(start, low), 0.0, None).sum()
            for low, high in pairwise(edges)
        ]
    )
    place = np.searchsorted(edges, time[ended], side="right") - 1
    inside = (place >= 0) & (place < edges.size - 1)
    events = np.bincount(place[inside], minlength=edges.size - 1).astype(np.float64)
    return exposure, events


def _require_durations(time: FloatArray, entry: FloatArray | None) -> None:
    wrong = time < (0.0 if entry is None else entry)
    if wrong.any() or not np.isfinite(time).all():
        raise negative_durations(int(wrong.sum()))


def negative_durations(count: int) -> BadInput:
    """What is said of durations that end before they begin."""
    return BadInput(
        f"{count} durations are negative",
        mend="check that the end of each case comes after its start, and in one time zone",
    )
