"""Does contact help? Compare like with like in time, not those who were called with the rest.

Whoever is called again must still be waiting then, so a plain comparison of the called with the
never called gives the called the time they had to survive to get the call (immortal time), and
it compares slow cases with quick ones. Counting time before the call as uncalled, within bands
of waiting, takes both away. Source: Suissa 2008, American Journal of Epidemiology 167(4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInput
from equipoise.experience.competing import band_totals, cumulative_incidence
from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.intervals import normal_quantile


@dataclass(frozen=True, slots=True)
class ContactComparison:
    """The plain comparison beside the one that respects time.

    `naive_called` and `naive_uncalled` are plain shares that ended by the cause; they mislead.
    `rate_ratio` is the hazard after a call over the hazard before one, at equal waiting.
    """

    naive_called: float
    naive_uncalled: float
    rate_ratio: float
    low: float
    high: float
    events_after_call: int
    events_before_call: int

    @property
    def naive_difference(self) -> float:
        """Share among the called less share among the never called."""
        return self.naive_called - self.naive_uncalled


def compare_contact(
    time: FloatArray,
    cause: IntArray,
    called_at: FloatArray,
    of: int,
    bands: Sequence[float],
) -> ContactComparison:
    """Effect of a first call on the hazard of ending by cause `of`, waiting held equal.

    Arrays (n,): `time` to the end, `cause` (0 censored), `called_at` the time of the first call,
    infinity where there was none. Bands are edges of waiting; narrower bands hold waiting more
    nearly equal. Source: Mantel-Haenszel rate ratio, variance of Greenland and Robins 1985.
    """
    called = called_at < time
    closed = cause != 0
    edges = np.asarray(bands, dtype=np.float64)
    before_time, before = band_totals(np.minimum(time, called_at), (cause == of) & ~called, edges)
    after_time, after = band_totals(
        time[called], cause[called] == of, edges, np.ascontiguousarray(called_at[called])
    )
    ratio, low, high = rate_ratio(after, after_time, before, before_time)
    return ContactComparison(
        naive_called=_share(cause[called & closed] == of),
        naive_uncalled=_share(cause[~called & closed] == of),
        rate_ratio=ratio,
        low=low,
        high=high,
        events_after_call=int(after.sum()),
        events_before_call=int(before.sum()),
    )


def landmark_incidence(
    time: FloatArray,
    cause: IntArray,
    called_at: FloatArray,
    *,
    of: int,
    landmark: float,
    horizon: float,
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Incidence of a cause from a landmark to a horizon: called by then, and not called by then.

    Only cases still open at the landmark take part, so nobody is credited with time they had
    to survive. Each part is value, low, high (95 %). Source: Anderson, Cain and Gelber 1983.
    """
    open_then = time > landmark
    groups = (open_then & (called_at <= landmark), open_then & (called_at > landmark))
    called, uncalled = (
        cumulative_incidence(time[group] - landmark, cause[group], int(cause.max())).at(
            horizon - landmark, of
        )
        for group in groups
    )
    return called, uncalled


def rate_ratio(
    a: FloatArray, time_a: FloatArray, b: FloatArray, time_b: FloatArray
) -> tuple[float, float, float]:
    """Ratio of two hazards at equal waiting, with its 95 % interval: value, low, high.

    Ends and time at risk of both sides by band of waiting. Raises BadInput where no band holds
    ends of both. Source: Mantel-Haenszel, variance of Greenland and Robins 1985.
    """
    total = time_a + time_b
    both = (time_a > 0) & (time_b > 0)
    a, b, time_a, time_b, total = (v[both] for v in (a, b, time_a, time_b, total))
    top = float((a * time_b / total).sum())
    bottom = float((b * time_a / total).sum())
    if top <= 0 or bottom <= 0:
        raise BadInput(
            "no band of waiting holds events both before and after a call",
            mend="use wider bands, or a longer log",
        )
    spread = float(((a + b) * time_a * time_b / total**2).sum()) / (top * bottom)
    factor = float(np.exp(normal_quantile() * np.sqrt(spread)))
    ratio = top / bottom
    return ratio, ratio / factor, ratio * factor


def _share(hits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    return float(hits.mean()) if hits.size else 0.0
