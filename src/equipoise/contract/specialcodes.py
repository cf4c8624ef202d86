"""Numbers that are no quantity: codes such as -9, 98, 9999 or 365243 among the values of a column.

A code stands apart: it is one of the numbers that programs and bureaus use as codes, or no round
number at all; it repeats, more often than its neighbours; and a gap lies between it and the rest
that no other gap near it comes close to. Codes may stand together (-7, -8, -9 or 997, 998, 999).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.numeric.arrays import FloatArray

_SMALL_NEGATIVE = frozenset(range(-9, 0))
_NEGATIVE = frozenset(-float(f"{d * n}") for d in "6789" for n in range(2, 10)) | {
    -float(f"{'9' * n}{last}") for n in range(1, 8) for last in "678"
}
_POSITIVE = (
    frozenset(float(d * n) for d in "789" for n in range(2, 13))
    | {float(f"{'9' * n}{last}") for n in range(1, 8) for last in "5678"}
    | {99.9, 99.99, 999.9, 999.99, 9999.9, 9999.99, 99999.99, 999999.99}
)
_OF_MACHINES = frozenset(
    (365243.0, 2147483647.0, -2147483648.0, 32767.0, -32768.0, 65535.0, 4294967295.0,
     9.223372036854776e18, -9.223372036854776e18, 1e20, -1e20)
)  # fmt: skip
_KNOWN = _NEGATIVE | _SMALL_NEGATIVE | _POSITIVE | _OF_MACHINES
_FEW_REST = 3  # different values that the rest has at least
_MOST_TOGETHER = 9
_SPIKE = 3.0  # times as many rows as the most frequent of the nearest others
_NEAREST = 10
_LEAST_SHARE, _MANY = 0.0005, 0.01
_STEP = 3
_WIDE = 20.0  # what is counted up to here at least is no scale that starts below zero
_FAR = 1.0  # times the width of the rest, beyond which a repeated number is no measure of it


@dataclass(frozen=True, slots=True)
class SpecialCodes:
    """The codes found among a column's numbers, and how many rows hold each."""

    rows: dict[float, int]

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class _Counts:
    values: FloatArray
    rows: FloatArray

    def part(self, kept: slice) -> _Counts:
        return _Counts(self.values[kept], self.rows[kept])

    @property
    def width(self) -> float:
        return float(self.values[-1] - self.values[0])


def special_codes(values: pl.Series) -> SpecialCodes:
    """The numbers of a column (no nulls, all finite) that stand for something else."""
    if not _may_hold_codes(values):
        return SpecialCodes({})
    counted = values.value_counts(name="rows").sort(values.name)
    counts = _Counts(
        counted.to_series(0).cast(pl.Float64).to_numpy(),
        counted["rows"].cast(pl.Float64).to_numpy(),
    )
    codes: dict[float, int] = {}
    for _ in range(2):  # codes below first, then above, then those that these had hidden
        for low in (True, False):
            together = _codes_at_end(counts, low=low)
            if together:
                ends = counts.part(slice(0, together) if low else slice(-together, None))
                codes |= {float(v): int(n) for v, n in zip(ends.values, ends.rows, strict=True)}
                counts = counts.part(slice(together, None) if low else slice(0, -together))
    return SpecialCodes(codes)


def _may_hold_codes(values: pl.Series) -> bool:
    """Whether an end is a known code or repeats: nearly all measures end with neither."""
    often = max(2.0, _LEAST_SHARE * values.len())
    for end in (values.min(), values.max()):
        if isinstance(end, (int, float)) and (
            float(end) in _KNOWN or (values == end).sum() >= often
        ):
            return True
    return False


def _codes_at_end(counts: _Counts, *, low: bool) -> int:
    """How many of the lowest or highest values are codes: the largest set that stands apart."""
    size = len(counts.values)
    for together in range(min(_MOST_TOGETHER, size - _FEW_REST), 0, -1):
        if low:
            ends, rest = counts.part(slice(0, together)), counts.part(slice(together, None))
        else:
            ends, rest = counts.part(slice(-together, None)), counts.part(slice(0, -together))
        if _stand_apart(ends, rest, counts.rows.sum(), low=low):
            return together
    return 0


def _stand_apart(ends: _Counts, rest: _Counts, total: float, *, low: bool) -> bool:
    near = float(rest.values[0] if low else rest.values[-1])
    gap = abs(near - float(ends.values[-1] if low else ends.values[0]))
    scattered = ends.width > gap and not _one_family(ends.values)
    if scattered or _on_the_scale(ends.values, rest.values):
        return False
    known = all(_is_known(value, near, low=low) for value in ends.values)
    if known and _by_size(ends, rest, near, low=low):
        return True
    if min(ends.rows) < max(2.0, _LEAST_SHARE * total):
        return False
    if low and all(value in _SMALL_NEGATIVE for value in ends.values):
        return _small_negatives(ends, rest)
    far, spike = gap > _FAR * max(rest.width, 1.0), _is_spike(ends, rest, low=low)
    if known:
        return far or (_is_gap(gap, rest, low=low) and spike)
    crosses = near >= 0 > ends.values[-1] if low else near <= 0 < ends.values[0]
    odd = len(ends.values) == 1 and not _is_round(float(ends.values[0]))
    return far and odd and spike and (crosses or min(ends.rows) > _MANY * total)


def _on_the_scale(ends: FloatArray, rest: FloatArray) -> bool:
    """Whether all values are multiples of one step, such as terms in years of twelve months."""
    if any((each != np.floor(each)).any() or np.abs(each).max() > 1e9 for each in (ends, rest)):
        return False
    step = int(np.gcd.reduce(rest.astype(np.int64)))
    return step >= _STEP and bool((ends % step == 0).all())


def _one_family(values: FloatArray) -> bool:
    """Whether codes are written with as many digits: 96 and 98, -7 to -9, not 99 and 9999."""
    return len({len(str(int(abs(value)))) for value in values}) == 1


def _is_known(value: float, near: float, *, low: bool) -> bool:
    if value in _OF_MACHINES:
        return True
    return value in (_NEGATIVE | _SMALL_NEGATIVE) and near >= 0 if low else value in _POSITIVE


def _by_size(ends: _Counts, rest: _Counts, near: float, *, low: bool) -> bool:
    """Three nines or more, far beyond all else, need not repeat."""
    long = all(len(str(int(abs(value)))) >= 3 - low for value in ends.values)
    nines = all(set(str(int(abs(value)))) == {"9"} for value in ends.values)
    beyond = near >= 0 if low else near > 0 and ends.values[0] > 3 * near
    return long and nines and beyond and len(ends.values) == 1 and rest.width > 0


def _small_negatives(ends: _Counts, rest: _Counts) -> bool:
    """-1 to -9 below what counts from 0: no scale that goes on below zero."""
    if rest.values[0] < 0 or rest.values[-1] < _WIDE:
        return False
    if len(ends.values) > 1 or ends.values[0] != -1:
        beside = rest.values[0] - ends.values[-1]
        return bool(beside > 1 or _is_spike(ends, rest, low=True))
    return _is_spike(ends, rest, low=True) or bool((rest.values != np.floor(rest.values)).any())


def _is_gap(gap: float, rest: _Counts, *, low: bool) -> bool:
    """Whether no gap between the nearest others comes close to this one."""
    near = rest.values[: _NEAREST + 1] if low else rest.values[-_NEAREST - 1 :]
    return gap > 3 * float(np.diff(near).max())


def _is_spike(ends: _Counts, rest: _Counts, *, low: bool) -> bool:
    """Whether the codes repeat more often than any of the nearest others."""
    near = rest.rows[:_NEAREST] if low else rest.rows[-_NEAREST:]
    return bool(ends.rows.max() >= _SPIKE * np.median(near) and ends.rows.max() >= near.max())


def _is_round(value: float) -> bool:
    """Whether people would name such a number: one or two digits, then zeros."""
    text = f"{abs(value):.0f}"
    return value == int(value) and len(text.rstrip("0")) <= 2
