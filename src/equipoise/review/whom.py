"""What changes for whom between two policies: who is in and out, who gains and loses, in money."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.balance.placed import WORTHS, Placed
from equipoise.balance.swap_sets import Segment
from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray

SURPLUS = "customer_surplus"
_SAME = 0.005  # of a unit of money: less is nobody's gain or loss
_Choice = NDArray[np.integer]


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
    """A policy: a place among those of a balance, or between two points of its frontier."""

    placed: Placed
    place: str


def what_changes(
    before: Side, after: Side, fields: Collection[str] | None = None
) -> tuple[Whom, list[Whom]]:
    """For everybody, and for each level of each segment in their order; of some `fields` alone
    where they are named.

    Raises LookupError for a place that there is not, BadInput where the two are not of the same
    applicants.
    """
    sums = _Sums.of(before, after)
    everybody = Segment("", ("",), np.zeros(sums.size, dtype=np.uint8))
    parts = [each for each in after.placed.segments if fields is None or each.field in fields]
    levels_of = [sums.by(segment) for segment in parts]
    whole = _together(levels_of[0] if levels_of else sums.by(everybody))
    return whole, [each for levels in levels_of for each in levels]


def _together(levels: Sequence[Whom]) -> Whom:
    """Everybody, from levels that each applicant is in one of."""

    def total(name: str) -> int:
        return sum(getattr(each, name) for each in levels)

    return Whom(
        field="",
        level="",
        people=total("people"),
        both_in=total("both_in"),
        swapped_in=total("swapped_in"),
        swapped_out=total("swapped_out"),
        both_out=total("both_out"),
        gain=total("gain"),
        lose=total("lose"),
        gained=sum(each.gained for each in levels),
        lost=sum(each.lost for each in levels),
        changes={name: sum(each.changes[name] for each in levels) for name in WORTHS},
    )


def treatments_moved(before: Side, after: Side, most: int) -> list[Moved]:
    """The commonest moves from one treatment to another, the largest first."""
    one, two = _choice(before), _choice(after)
    names, others = before.placed.labels, after.placed.labels
    pairs = one.astype(np.int64) * len(others) + two
    differs = _differs((one, two), (names, others))
    counts = np.bincount(pairs[differs], minlength=1)
    order = np.argsort(-counts, kind="stable")[:most]
    return [
        Moved(names[int(at) // len(others)], others[int(at) % len(others)], int(counts[at]))
        for at in order
        if counts[at]
    ]


def _differs(
    choices: tuple[_Choice, _Choice], labels: tuple[Sequence[str], Sequence[str]]
) -> NDArray[np.bool_]:
    """Whose treatment is another by its name: menus of two balances may differ."""
    one, two = choices
    if labels[0] == labels[1]:
        return np.asarray(one != two)
    names = {name: at for at, name in enumerate(labels[0])}
    same = np.array([names.get(name, -1) for name in labels[1]])
    return np.asarray(one != same[two])


def _choice(side: Side) -> _Choice:
    return side.placed.choice_at(side.place)


@dataclass(frozen=True, slots=True)
class _Sums:
    """What is counted and added up, (applicants,) each: `offers` is 0 for out under both policies,
    1 for in under the second alone, 2 under the first alone, 3 under both; `turn` 1 for who gains
    and 2 for who loses."""

    size: int
    offers: NDArray[np.int64]
    turn: NDArray[np.int64]
    changes: Mapping[str, FloatArray]

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
        turn = (surplus > _SAME) + 2 * (surplus < -_SAME).astype(np.int64)
        return cls(surplus.size, 2 * one.astype(np.int64) + two, turn, changes)

    def by(self, segment: Segment) -> list[Whom]:
        """The sums of each level that somebody is of."""
        levels, codes = len(segment.levels), np.asarray(segment.codes, dtype=np.int64)
        offers = _counted(codes, self.offers, levels, 4)
        turns = _counted(codes, self.turn, levels, 3)
        surplus = self.changes[SURPLUS]
        gained = np.bincount(codes, np.where(self.turn == 1, surplus, 0.0), levels)
        lost = np.bincount(codes, np.where(self.turn == 2, -surplus, 0.0), levels)
        changes = {name: np.bincount(codes, each, levels) for name, each in self.changes.items()}
        return [
            Whom(
                field=segment.field,
                level=level,
                people=int(offers[at].sum()),
                both_in=int(offers[at, 3]),
                swapped_in=int(offers[at, 1]),
                swapped_out=int(offers[at, 2]),
                both_out=int(offers[at, 0]),
                gain=int(turns[at, 1]),
                lose=int(turns[at, 2]),
                gained=float(gained[at]),
                lost=float(lost[at]),
                changes={name: float(each[at]) for name, each in changes.items()},
            )
            for at, level in enumerate(segment.levels)
            if offers[at].any()
        ]


def _counted(
    codes: NDArray[np.int64], kinds: NDArray[np.int64], levels: int, many: int
) -> NDArray[np.int64]:
    """(levels, kinds): how many of each level are of each kind."""
    counts = np.bincount(codes * many + kinds, minlength=levels * many)
    return np.asarray(counts.reshape(levels, many))


def _change(before: Side, after: Side, name: str) -> FloatArray:
    one, two = (side.placed.worth_at(name, side.place) for side in (before, after))
    return np.asarray(two, dtype=np.float64) - np.asarray(one, dtype=np.float64)
