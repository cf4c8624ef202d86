"""What changes for whom between two policies: who is in and out, who gains and loses, in money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.balance.placed import WORTHS, Placed
from equipoise.balance.swap_sets import Segment
from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray

SURPLUS = "customer_surplus"
_SAME = 0.005  # of a unit of money: less is nobody's gain or loss


@dataclass(frozen=True, slots=True)
class Whom:
    """Applicants of one level of a segment, or everybody, under two policies.

    `both_in` to `both_out` count offers of a loan. `gain` and `lose` count those to whom the
    second policy's terms are worth more or less, by `gained` and `lost` (both positive) in money;
    `changes` are sums of each worth under the second less the first.
    """

    field: str
    level: str
    people: int
    both_in: int
    swapped_in: int
    swapped_out: int
    both_out: int
    gain: int
    lose: int
    gained: float
    lost: float
    changes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Moved:
    """How many applicants go from one treatment to another."""

    before: str
    after: str
    people: int


@dataclass(frozen=True, slots=True)
class Side:
    """A policy: a place among those of a balance."""

    placed: Placed
    place: str


def what_changes(before: Side, after: Side) -> tuple[Whom, list[Whom]]:
    """For everybody, and for each level of each segment in their order.

    Raises LookupError for a place that there is not, BadInput where the two are not of the same
    applicants.
    """
    sums = _Sums.of(before, after)
    everybody = Segment("", ("",), np.zeros(sums.size, dtype=np.uint8))
    [whole] = sums.by(everybody)
    return whole, [each for segment in after.placed.segments for each in sums.by(segment)]


def treatments_moved(before: Side, after: Side, most: int) -> list[Moved]:
    """The commonest moves from one treatment to another, the largest first."""
    one, two = _choice(before), _choice(after)
    names, others = before.placed.labels, after.placed.labels
    pairs = one.astype(np.int64) * len(others) + two
    counts = np.bincount(pairs[_differs(before, after)], minlength=1)
    order = np.argsort(-counts, kind="stable")[:most]
    return [
        Moved(names[int(at) // len(others)], others[int(at) % len(others)], int(counts[at]))
        for at in order
        if counts[at]
    ]


def _differs(before: Side, after: Side) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    one, two = _choice(before), _choice(after)
    if before.placed.labels == after.placed.labels:
        return np.asarray(one != two)
    names = {name: at for at, name in enumerate(before.placed.labels)}
    same = np.array([names.get(name, -1) for name in after.placed.labels])
    return np.asarray(one != same[two])


def _choice(side: Side) -> np.ndarray[tuple[int, ...], np.dtype[np.integer]]:
    return np.asarray(side.placed.choice[side.placed.at(side.place)])


@dataclass(frozen=True, slots=True)
class _Sums:
    """What is added up, a column to a figure, (applicants,) each."""

    size: int
    columns: Mapping[str, FloatArray]

    @classmethod
    def of(cls, before: Side, after: Side) -> _Sums:
        if before.placed.applicants != after.placed.applicants:
            raise BadInput(
                f"one policy is of {before.placed.applicants:,} applicants, the other of "
                f"{after.placed.applicants:,}",
                mend="compare runs on the same data",
            )
        one, two = _choice(before) != 0, _choice(after) != 0
        changes = {name: _change(before, after, name) for name in WORTHS}
        surplus = changes[SURPLUS]
        up, down = surplus > _SAME, surplus < -_SAME
        masks = {
            "both_in": one & two, "swapped_in": ~one & two, "swapped_out": one & ~two,
            "both_out": ~one & ~two, "gain": up, "lose": down,
        }  # fmt: skip
        columns = {name: mask.astype(np.float64) for name, mask in masks.items()}
        columns["gained"] = np.where(up, surplus, 0.0)
        columns["lost"] = np.where(down, -surplus, 0.0)
        return cls(surplus.size, {**columns, **changes})

    def by(self, segment: Segment) -> list[Whom]:
        """The sums of each level that somebody is of."""
        levels, codes = len(segment.levels), np.asarray(segment.codes)
        people = np.bincount(codes, minlength=levels)
        sums = {name: np.bincount(codes, column, levels) for name, column in self.columns.items()}
        return [
            Whom(
                segment.field,
                level,
                int(people[at]),
                int(sums["both_in"][at]),
                int(sums["swapped_in"][at]),
                int(sums["swapped_out"][at]),
                int(sums["both_out"][at]),
                int(sums["gain"][at]),
                int(sums["lose"][at]),
                float(sums["gained"][at]),
                float(sums["lost"][at]),
                {name: float(sums[name][at]) for name in WORTHS},
            )
            for at, level in enumerate(segment.levels)
            if people[at]
        ]


def _change(before: Side, after: Side, name: str) -> FloatArray:
    one = before.placed.worth[name][before.placed.at(before.place)]
    two = after.placed.worth[name][after.placed.at(after.place)]
    return np.asarray(two, dtype=np.float64) - np.asarray(one, dtype=np.float64)
