"""Grades: bands of PD, few, big enough, and worse from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray, IntArray

FINE_BANDS = 40


@dataclass(frozen=True, slots=True)
class Grades:
    """`names` from best to worst; `bounds` are the PDs at which the next grade begins."""

    bounds: tuple[float, ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.names) != len(self.bounds) + 1:
            raise BadInput("grades need one name more than they have bounds")
        if any(b <= a for a, b in zip(self.bounds, self.bounds[1:], strict=False)):
            raise BadInput("the bounds of the grades do not rise")

    def of(self, pd: FloatArray) -> IntArray:
        """Grade of each PD, counted from 0 (best)."""
        return np.searchsorted(np.asarray(self.bounds), pd, side="right").astype(np.int64)

    def name(self, pd: float) -> str:
        """Grade of one PD."""
        return self.names[int(np.searchsorted(np.asarray(self.bounds), pd, side="right"))]

    def as_dict(self) -> dict[str, Any]:
        return {"bounds": list(self.bounds), "names": list(self.names)}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Grades:
        return Grades(tuple(data["bounds"]), tuple(data["names"]))


def find_grades(
    pd: FloatArray,
    bad: Array,
    *,
    count: int = 7,
    min_share: float = 0.03,
    min_bads: int = 10,
    weight: FloatArray | None = None,
) -> Grades:
    """At most `count` grades whose bad rates rise, each with `min_share` of rows and some bads.

    Starts from 40 equal bands of PD, pools those out of order (pool adjacent violators), then
    merges the two neighbours whose bad rates differ least for their size (Ward's criterion) until
    the grades are few and big enough. `weight` (n,) counts rows.
    """
    weights = np.ones(pd.size) if weight is None else weight
    edges = np.unique(np.quantile(pd, np.linspace(0, 1, FINE_BANDS + 1)[1:-1]))
    codes = np.searchsorted(edges, pd, side="right")
    rows = np.bincount(codes, weights=weights, minlength=edges.size + 1)
    bads = np.bincount(
        codes, weights=weights * np.asarray(bad, dtype=float), minlength=edges.size + 1
    )
    bands = [(r, b, at) for at, (r, b) in enumerate(zip(rows, bads, strict=True)) if r > 0]
    merged = _rising(bands)
    while len(merged) > 1:
        small = [
            at
            for at, (r, b, _) in enumerate(merged)
            if r < min_share * weights.sum() or b < min_bads
        ]
        if len(merged) <= count and not small:
            break
        gaps = [_gap(low, high) for low, high in pairwise(merged)]
        at = small[0] if small else int(np.argmin(gaps))
        if small and (at == len(gaps) or (at > 0 and gaps[at - 1] < gaps[at])):
            at -= 1
        merged[at : at + 2] = [_joined(merged[at], merged[at + 1])]
    bounds = tuple(float(edges[last]) for _, _, last in merged[:-1])
    return Grades(bounds, tuple(_name(at) for at in range(len(merged))))


def _rising(bands: list[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
    pooled: list[tuple[float, float, int]] = []
    for band in bands:
        pooled.append(band)
        while len(pooled) > 1 and _rate(pooled[-2]) >= _rate(pooled[-1]):
            pooled[-2:] = [_joined(pooled[-2], pooled[-1])]
    return pooled


def _rate(band: tuple[float, float, int]) -> float:
    return band[1] / band[0]


def _joined(
    low: tuple[float, float, int], high: tuple[float, float, int]
) -> tuple[float, float, int]:
    return low[0] + high[0], low[1] + high[1], high[2]


def _gap(low: tuple[float, float, int], high: tuple[float, float, int]) -> float:
    weight = low[0] * high[0] / (low[0] + high[0])
    return weight * (_rate(high) - _rate(low)) ** 2


def _name(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else f"Z{at - 25}"
