"""One indicator's series, judged: its readings, with what each is held against."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from equipoise.watch.document.indicators import Bound, Indicator
from equipoise.watch.judging.budget import Levels
from equipoise.watch.judging.colours import Colour, colours
from equipoise.watch.judging.comparing import Compared, compare
from equipoise.watch.judging.readings import Reading, Verdict
from equipoise.watch.measuring.sums import Sums

PSI_BANDS = Bound(at=0.1), Bound(at=0.25)  # convention; the chance is statistics


def judge(
    indicator: Indicator, sums: Sums, periods: Sequence[date], *, history: int, levels: Levels
) -> list[Reading]:
    """The readings of all periods, the history's own among them, whose verdict is `insufficient`
    as long as there is nothing to hold them against."""
    compared = compare(indicator, sums, history)
    read = [_colour(indicator, compared, at, levels) for at in range(len(periods))]
    held = colours(read, indicator.hysteresis)
    return [
        Reading(
            indicator=indicator.name,
            period=period,
            value=_known(compared.value[at]),
            n=int(compared.n[at]),
            low=_known(compared.low[at]),
            high=_known(compared.high[at]),
            baseline=_known(compared.baseline[at]),
            chance=_known(compared.chance[at]) if compared.enough[at] else None,
            verdict=_verdict(colour),
            fault=compared.faults[at],
        )
        for at, (period, colour) in enumerate(zip(periods, held, strict=True))
    ]


def by_bounds(indicator: Indicator, value: float, baseline: float) -> Verdict:
    """What the bounds alone say of a value that nobody measured, such as a drill's; `insufficient`
    where the indicator has none."""
    amber, red = _bounds(indicator)
    if red is not None and _lies_beyond(indicator, red, value, baseline):
        return "red"
    if amber is not None and _lies_beyond(indicator, amber, value, baseline):
        return "amber"
    return "insufficient" if red is None and amber is None else "green"


def _colour(indicator: Indicator, compared: Compared, at: int, levels: Levels) -> Colour | None:
    if not compared.enough[at]:
        return None
    amber, red = _bounds(indicator)
    chance = compared.chance[at]
    if chance <= levels.red and _beyond(indicator, red, compared, at):
        return "red"
    return (
        "amber" if chance <= levels.amber and _beyond(indicator, amber, compared, at) else "green"
    )


def _bounds(indicator: Indicator) -> tuple[Bound | None, Bound | None]:
    if indicator.kind == "distribution":
        return indicator.amber or PSI_BANDS[0], indicator.red or PSI_BANDS[1]
    return indicator.amber, indicator.red


def _beyond(indicator: Indicator, bound: Bound | None, compared: Compared, at: int) -> bool:
    """Whether the value lies beyond the bound; without one the chance alone counts."""
    if bound is None:
        return True
    return _lies_beyond(indicator, bound, compared.value[at], compared.baseline[at])


def _lies_beyond(indicator: Indicator, bound: Bound, value: float, baseline: float) -> bool:
    if bound.at is not None:
        return bool(value <= bound.at if indicator.direction == "down" else value >= bound.at)
    times = bound.times or np.nan  # a bound has one of the two
    far = value / baseline if baseline > 0 else np.inf
    if indicator.direction == "either":
        return bool(max(far, 1 / far if far > 0 else np.inf) >= times)
    return bool(far <= times if indicator.direction == "down" else far >= times)


def _verdict(colour: Colour | None) -> Verdict:
    return "insufficient" if colour is None else colour


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
