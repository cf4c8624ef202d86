"""What each period is held against, and the chance of as bad a reading if nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.watch.document.indicators import Indicator
from equipoise.watch.judging.correlated import chance_of_as_many, variance_between
from equipoise.watch.judging.deviates import FEWEST_EVENTS, Deviates, deviates, scaled_bound
from equipoise.watch.judging.lasting import Predicted, prediction, predictions
from equipoise.watch.judging.readings import Fault
from equipoise.watch.judging.shifts import restlessness, shift
from equipoise.watch.judging.steps import Steps, steps_of
from equipoise.watch.measuring.sums import Sums

FEWEST_BAD = 20.0  # of a gini: its variance from fewer placements is hardly known


@dataclass(frozen=True, slots=True)
class Compared:
    """T periods: value and interval, the baseline's value, the chance of as bad a value if nothing
    changed (1 where unknown), whether enough is known, and faults of the data."""

    value: FloatArray
    low: FloatArray
    high: FloatArray
    n: FloatArray
    baseline: FloatArray
    chance: FloatArray
    enough: BoolArray
    faults: tuple[Fault, ...]


def compare(indicator: Indicator, sums: Sums, history: int) -> Compared:
    """Value, baseline and chance of each period."""
    if indicator.kind == "distribution":
        return _shifts(indicator, sums, history)
    pooled = sums.pooled(indicator.window)
    made = deviates(indicator, pooled)
    if indicator.against == "bound":
        return _against_bound(indicator, pooled, made, history)
    return _against_history(indicator, pooled, made, history)


def _against_history(indicator: Indicator, sums: Sums, made: Deviates, history: int) -> Compared:
    periods = sums.n.size
    chance, baseline = np.ones(periods), np.full(periods, np.nan)
    enough = np.zeros(periods, dtype=bool)
    floor = _floor(indicator, sums, history)
    counted = np.where(sums.n > 0, made.scaled, np.nan)  # a month that nobody told is no history
    for fitted, at in _fitted(indicator, counted, made.sampling, history, floor):
        if fitted is None:
            continue
        below, above = fitted.chances(made.scaled[at], made.sampling[at])
        chance[at] = _sided(indicator, below, above)
        baseline[at] = _plain(indicator, fitted.mean, made)
        enough[at] = _enough(indicator, made, sums, baseline, at)
    faults = _faults(sums.n, made.by_zero, history)
    return Compared(made.value, made.low, made.high, sums.n, baseline, chance, enough, faults)


def _fitted(
    indicator: Indicator, scaled: FloatArray, sampling: FloatArray, history: int, floor: float
) -> Iterator[tuple[Steps | Predicted | None, slice]]:
    """What each later period is held against."""
    window = indicator.window
    if indicator.baseline == "previous":
        for rows, at in _baselines(indicator, scaled.size, history):
            past = _apart(rows, window)
            yield _from_the_last(scaled[past], sampling[past], floor), at
    elif indicator.baseline == "first":
        past = _apart(slice(0, history), window)
        yield prediction(scaled[past], sampling[past], floor), slice(history, scaled.size)
    else:
        yield from _growing(window, scaled, sampling, history, floor)


def _growing(
    window: int, scaled: FloatArray, sampling: FloatArray, history: int, floor: float
) -> Iterator[tuple[Predicted | None, slice]]:
    """Each period against all windows before it that share none with one another: the one that ends
    just before it, and from there back."""
    first = [
        predictions(scaled[at::window], sampling[at::window], history // window, floor)
        for at in range(window - 1, 2 * window - 1)
    ]
    for at in range(window, scaled.size):
        fitted = next(first[at % window])
        if at >= history:
            yield fitted, slice(at, at + 1)


def _from_the_last(scaled: FloatArray, sampling: FloatArray, floor: float) -> Steps | None:
    """A step as usual from the last period that counts something: what grows steadily may grow on,
    and how far it has come says nothing of how far a period lies from the one before."""
    known = np.isfinite(scaled) & np.isfinite(sampling)
    y, v = scaled[known], sampling[known]
    steps = steps_of(np.diff(y), v[1:] + v[:-1], floor)
    if steps is None:
        return None
    return replace(steps, mean=float(y[-1]) + steps.mean, error=steps.error + float(v[-1]))


def _baselines(indicator: Indicator, periods: int, history: int) -> Iterator[tuple[slice, slice]]:
    """Which periods each later one is held against; a step, against as many of the newest steps as
    the history has periods: what was just begun grows faster than it does later."""
    if indicator.baseline == "first":
        yield slice(0, history), slice(history, periods)
        return
    steps = indicator.baseline == "previous"
    for at in range(history, periods):
        yield slice(max(0, at - history - 1) if steps else 0, at), slice(at, at + 1)


def _apart(rows: slice, window: int) -> slice:
    """Windows that share no period: they would look more alike than they are. The last of the
    baseline is one of them."""
    first = rows.start + window - 1 + (rows.stop - rows.start) % window
    return slice(min(first, rows.stop), rows.stop, window)


def _floor(indicator: Indicator, sums: Sums, history: int) -> float:
    """The variance between periods that a stated correlation of defaults brings, on the root's
    scale."""
    if indicator.correlation is None:
        return 0.0
    rows = slice(0, history)
    n, events = float(sums.n[rows].sum()), float(sums.of[rows].sum())
    pd = min(max(events / n, 1e-6), 0.999) if n else 0.01
    relative = variance_between(pd, indicator.correlation)
    if indicator.kind == "expected":
        return relative / 4
    # of the arcsine root: (dp / (2 sqrt(p (1 - p))))^2
    return relative * pd / (4 * (1 - pd)) if indicator.kind == "rate" else 0.0


def _against_bound(indicator: Indicator, sums: Sums, made: Deviates, history: int) -> Compared:
    """Red where the truth can hardly lie on the good side of the bound."""
    bound = indicator.red_at
    place = scaled_bound(indicator, bound, made)
    z = (made.scaled - place) / np.sqrt(np.maximum(made.sampling, 1e-15))
    chance = _sided(indicator, special.ndtr(z), special.ndtr(-z))
    if indicator.kind == "expected" and indicator.correlation is not None:
        chance = _vasicek(indicator, sums, bound)
    baseline = np.full(sums.n.size, bound)
    enough = np.isfinite(made.value) & (sums.n >= indicator.min_n)
    faults = _faults(sums.n, made.by_zero, history)
    return Compared(made.value, made.low, made.high, sums.n, baseline, chance, enough, faults)


def _vasicek(indicator: Indicator, sums: Sums, bound: float) -> FloatArray:
    pd = np.divide(sums.over, sums.n, out=np.full(sums.n.size, np.nan), where=sums.n > 0) * bound
    return np.array([
        1.0 if not 0 < chance < 1
        else chance_of_as_many(int(many), int(n), float(chance), indicator.correlation or 0.0)
        for many, n, chance in zip(sums.of, sums.n, pd, strict=True)
    ])  # fmt: skip


def _shifts(indicator: Indicator, sums: Sums, history: int) -> Compared:
    periods = sums.n.size
    index, bound = np.full(periods, np.nan), np.full(periods, np.nan)
    chance, enough = np.ones(periods), np.zeros(periods, dtype=bool)
    for rows, at in _baselines(indicator, periods, history):
        steps = indicator.baseline == "previous"
        rest = restlessness(sums.counts[rows], from_the_last=steps)
        if rest is None:
            continue
        whole = sums.counts[rows.stop - 1 if steps else rows]
        baseline = whole if whole.ndim == 1 else whole.sum(axis=0)
        for one in range(*at.indices(periods)):
            change = shift(baseline, sums.counts[one], rest, indicator.smoothing)
            index[one], bound[one], chance[one] = change.index, change.bound, change.chance
            enough[one] = sums.n[one] >= indicator.min_n and np.isfinite(change.index)
    empty = np.zeros(periods, dtype=bool)
    faults = _faults(sums.n, empty, history)
    unknown = np.full(periods, np.nan)  # an index is held against a bound, and has no interval
    return Compared(index, unknown, unknown, sums.n, bound, chance, enough, faults)


def _faults(n: FloatArray, by_zero: BoolArray, history: int) -> tuple[Fault, ...]:
    """Silent is what has always counted something, and now counts nothing."""
    usual = bool(history) and bool((n[:history] >= 1).all())
    return tuple(
        "divides_by_zero" if zero else "silent" if usual and rows == 0 and at >= history else ""
        for at, (rows, zero) in enumerate(zip(n.tolist(), by_zero.tolist(), strict=True))
    )


def _enough(
    indicator: Indicator, made: Deviates, sums: Sums, baseline: FloatArray, at: slice
) -> BoolArray:
    """Of a rate, where some events are expected; or came, though hardly any were expected. That
    nothing is missing is good news from any number of rows."""
    known = np.isfinite(made.value[at]) & (sums.n[at] >= indicator.min_n)
    if indicator.kind == "gini":
        known &= made.events[at] >= FEWEST_BAD
    if indicator.kind in ("rate", "expected") and indicator.about != "data":
        chances = sums.n[at] if indicator.kind == "rate" else sums.over[at]
        expected = chances * np.nan_to_num(baseline[at])
        known &= np.maximum(expected, made.events[at]) >= FEWEST_EVENTS
    return np.asarray(known)


def _plain(indicator: Indicator, scaled: float, made: Deviates) -> float:
    """Back from the scale of the test."""
    if indicator.kind == "rate":
        return float(np.sin(scaled) ** 2)
    if indicator.kind == "expected":
        return scaled**2
    if indicator.kind == "gini":
        return float(2 / (1 + np.exp(-scaled)) - 1)
    known = made.value[np.isfinite(made.value)]
    positive = known.size > 0 and bool((known > 0).all())
    return float(np.exp(scaled)) if indicator.kind == "volume" or positive else scaled


def _sided(indicator: Indicator, below: FloatArray, above: FloatArray) -> FloatArray:
    if indicator.direction == "up":
        return above
    return below if indicator.direction == "down" else np.minimum(1.0, 2 * np.minimum(below, above))
