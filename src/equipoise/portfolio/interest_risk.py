"""What a move of market rates does to income and value: gap, duration, NII and economic value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray

# Buckets of the repricing gap by their upper ends, in years.
GAP_EDGES = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, np.inf)


@dataclass(frozen=True, slots=True)
class Duration:
    """Present value, and how it moves with the yield: `macaulay` in years, `modified` as the
    relative fall for a rise of 1 (100 points are 0.01), `convexity` for its square."""

    value: float
    macaulay: float
    modified: float
    convexity: float

    def relative_change(self, shift: float) -> float:
        """The relative change of value for a parallel shift, to the second order."""
        return -self.modified * shift + 0.5 * self.convexity * shift**2


def duration_of(flows: FloatArray, times: FloatArray, yield_: float, per_year: int = 1) -> Duration:
    """Duration of flows (T,) at `times` in years, at a yield compounded `per_year` times a year.

    Source: Macaulay 1938; Fabozzi, on modified duration and convexity.
    """
    step = 1 + yield_ / per_year
    discounted = flows * step ** (-times * per_year)
    value = float(discounted.sum())
    macaulay = float((times * discounted).sum()) / value
    convexity = float((times * (times + 1 / per_year) * discounted).sum()) / (value * step**2)
    return Duration(value, macaulay, macaulay / step, convexity)


def present_value(flows: FloatArray, times: FloatArray, rates: FloatArray) -> float:
    """The value of flows at zero rates (T,), continuously compounded."""
    return float((flows * np.exp(-rates * times)).sum())


@dataclass(frozen=True, slots=True)
class GapRow:
    """What reprices in one bucket of time: assets less liabilities, and all up to its end."""

    until: float
    assets: float
    liabilities: float
    gap: float
    cumulative: float


def repricing_gap(
    asset_times: FloatArray,
    assets: FloatArray,
    liability_times: FloatArray,
    liabilities: FloatArray,
    edges: Sequence[float] = GAP_EDGES,
) -> tuple[GapRow, ...]:
    """Amounts by when they next reprice, in years; a time on an edge belongs below it."""
    limits = np.array(edges)
    rows: list[GapRow] = []
    of_assets = _by_bucket(asset_times, assets, limits)
    of_liabilities = _by_bucket(liability_times, liabilities, limits)
    so_far = 0.0
    for at, until in enumerate(edges):
        gap = float(of_assets[at] - of_liabilities[at])
        so_far += gap
        rows.append(GapRow(until, float(of_assets[at]), float(of_liabilities[at]), gap, so_far))
    return tuple(rows)


def _by_bucket(times: FloatArray, amounts: FloatArray, limits: FloatArray) -> FloatArray:
    place = np.searchsorted(limits, times, side="left")
    return np.bincount(place, weights=amounts, minlength=limits.size).astype(np.float64)


def income_change(
    rows: Sequence[GapRow], shift: float, *, horizon: float = 1.0, asset_beta: float = 1.0,
    liability_beta: float = 1.0,
) -> float:  # fmt: skip
    """The change of net interest income within the horizon (years) after a parallel shift.

    What reprices in a bucket does so at its middle, and earns the shift for the rest of the
    horizon. The betas are how much of a shift each side passes on.
    Source: the Committee's SRP31 on earnings measures, in its static form.
    """
    change, start = 0.0, 0.0
    for row in rows:
        if start >= horizon:
            break
        middle = (start + min(row.until, horizon)) / 2
        left = horizon - middle
        net = asset_beta * row.assets - liability_beta * row.liabilities
        whole = row.until if np.isfinite(row.until) else horizon
        inside = min(horizon, whole) - start
        change += net * (inside / (whole - start) if whole > start else 0.0) * shift * left
        start = row.until
    return change


# The Committee's six shocks, in their shapes; sizes are a currency's, in SRP31's table.
SHOCKS = ("parallel_up", "parallel_down", "steepener", "flattener", "short_up", "short_down")


def shocked(times: FloatArray, shock: str, sizes: Mapping[str, float]) -> FloatArray:
    """The change of zero rates at `times` (T,) in one of SHOCKS.

    `sizes` are `parallel`, `short` and `long`, as fractions (0.02 is 200 points).
    Source: Basel Framework, SRP31.90 to SRP31.92.
    """
    short = sizes["short"] * np.exp(-times / 4)
    long = sizes["long"] * (1 - np.exp(-times / 4))
    shapes: dict[str, FloatArray] = {
        "parallel_up": np.full_like(times, sizes["parallel"]),
        "parallel_down": np.full_like(times, -sizes["parallel"]),
        "steepener": -0.65 * np.abs(short) + 0.9 * np.abs(long),
        "flattener": 0.8 * np.abs(short) - 0.6 * np.abs(long),
        "short_up": short,
        "short_down": -short,
    }
    return np.asarray(shapes[shock])


def value_changes(
    assets: FloatArray,
    liabilities: FloatArray,
    times: FloatArray,
    rates: FloatArray,
    sizes: Mapping[str, float],
) -> dict[str, float]:
    """The change of economic value (assets less liabilities) under each of SHOCKS.

    Flows (T,) at `times`, in years; no rate goes below zero for a shock that lowers it below.
    Source: SRP31, standardised framework, without optionality.
    """
    net = assets - liabilities
    before = present_value(net, times, rates)
    changes = {}
    for shock in SHOCKS:
        moved = rates + shocked(times, shock, sizes)
        floored = np.where(moved < 0, np.minimum(rates, 0.0), moved)
        changes[shock] = present_value(net, times, floored) - before
    return changes
