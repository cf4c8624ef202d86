"""Facts of any kind on one scale: what the model makes of each value on average."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import Array, FloatArray, IndexArray

BINS = 6
RARE = 10  # cases under which a value stands with the others
MISSING, OTHER = "", "*"


@dataclass(frozen=True, slots=True)
class Cue:
    """One fact of all cases (N,): `values` by name, `place` which of them a case has, and
    `log_odds` the model's mean at it, in standard deviations around 0."""

    name: str
    values: tuple[str, ...]
    place: IndexArray
    log_odds: FloatArray


def cues_of(facts: Mapping[str, Array], target: FloatArray) -> list[Cue]:
    """Those facts that are not the same in all cases. Numbers are cut at their quantiles; what is
    missing stands for itself."""
    made = (_cue(name, values, target) for name, values in facts.items())
    return [cue for cue in made if cue is not None]


def _cue(name: str, values: Array, target: FloatArray) -> Cue | None:
    known = [each for each in values.tolist() if each is not None]
    numbers = bool(known) and all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in known
    )
    names = _binned(values) if numbers else [_word(each) for each in values.tolist()]
    kept, place = np.unique(_common(names), return_inverse=True)
    if kept.size < 2:
        return None
    mean = np.bincount(place, weights=target) / np.bincount(place)
    deviation = mean[place] - target.mean()
    spread = float(deviation.std())
    if spread < 1e-9:
        return None
    return Cue(name, tuple(str(each) for each in kept), place, deviation / spread)


def _binned(values: Array) -> list[str]:
    numbers = np.array([np.nan if each is None else float(each) for each in values.tolist()])
    known = np.isfinite(numbers)
    edges = np.unique(np.quantile(numbers[known], np.arange(1, BINS) / BINS))
    place = np.searchsorted(edges, numbers, side="right")
    ends = ["", *(f"{edge:.6g}" for edge in edges), ""]
    return [
        f"{ends[at]}..{ends[at + 1]}" if there else MISSING
        for at, there in zip(place.tolist(), known.tolist(), strict=True)
    ]


def _word(value: object) -> str:
    return (
        MISSING if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    )


def _common(names: list[str]) -> Array:
    given = np.array(names, dtype=object).astype(str)
    kept, place, n = np.unique(given, return_inverse=True, return_counts=True)
    return np.where((n[place] < RARE) & (kept[place] != MISSING), OTHER, given)
