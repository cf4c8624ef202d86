"""Population and characteristic stability, with the bound that small samples need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.numeric.arrays import Array, FloatArray
from equipoise.numeric.distributions import chi2_quantile

MINOR, MAJOR = 0.1, 0.25
EMPTY_CELL = 0.5  # rows put into an empty bin, so that the index stays finite


@dataclass(frozen=True, slots=True)
class Stability:
    """An index, what chance alone reaches in 95 of 100 cases, and whether both are passed.

    `verdict` is 'stable' below the bound or below 0.1, then 'minor' to 0.25, then 'major'. The
    bands are convention; the bound is statistics: under no change the index times
    1 / (1/N + 1/M) is chi-squared with bins - 1 degrees of freedom.
    """

    index: float
    bound: float
    rows: int
    verdict: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "index": self.index,
            "bound": self.bound,
            "rows": self.rows,
            "verdict": self.verdict,
        }


def stability_index(
    expected: FloatArray, actual: FloatArray, empty_cell: float = EMPTY_CELL
) -> float:
    """Sum of (A - E) ln(A / E) over bins, from row counts (or shares) per bin, both (bins,).

    Bins empty on both sides say nothing and are left out. Counts below `empty_cell` rows, half a
    row unless given, count as so many where the totals are counts; shares should have no empty bin.
    """
    used = (expected + actual) > 0
    floor = empty_cell if max(expected.sum(), actual.sum()) > 1.5 else 1e-6
    e = np.maximum(expected[used], floor)
    a = np.maximum(actual[used], floor)
    e, a = e / e.sum(), a / a.sum()
    return float(np.sum((a - e) * np.log(a / e)))


def stability(expected: FloatArray, actual: FloatArray, level: float = 0.95) -> Stability:
    """The index of counts per bin with its verdict."""
    n, m = float(expected.sum()), float(actual.sum())
    bins = int(((expected + actual) > 0).sum())
    if min(n, m) == 0 or bins < 2:
        return Stability(0.0, 0.0, int(m), "stable")
    index = stability_index(expected, actual)
    bound = chi2_quantile(level, bins - 1) * (1 / n + 1 / m)
    band = "major" if index > MAJOR else "minor" if index > MINOR else "stable"
    verdict = band if index > bound else "stable"
    return Stability(index, bound, int(m), verdict)


def score_bins(baseline: FloatArray, bins: int = 10) -> FloatArray:
    """Inner edges of `bins` equal groups of a baseline score; equal edges are merged."""
    return np.unique(np.quantile(baseline, np.linspace(0, 1, bins + 1)[1:-1]))


def stability_by_month(
    baseline: Array, codes: Array, months: Array, size: int | None = None
) -> list[dict[str, Any]]:
    """Stability of each month's bin codes against the baseline's.

    `baseline` and `codes` hold bin numbers from 0; `months` (as `codes`) sortable labels.
    """
    width = size or int(max(baseline.max(initial=0), codes.max(initial=0))) + 1
    expected = np.bincount(baseline, minlength=width).astype(float)
    table = []
    for month in np.unique(months):
        actual = np.bincount(codes[months == month], minlength=width).astype(float)
        table.append({"month": str(month), **stability(expected, actual).as_dict()})
    return table
