"""The best value at every level of one row, certified at and between the points computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from equipoise.balance.branching import Effort
from equipoise.balance.problem import Choice, Infeasible, Multipliers, Problem, Row, Solution
from equipoise.balance.solving import solve
from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.progress import Progress, Silent

Axis = Callable[[float], Row]
Policy = TypeVar("Policy")

DRAWN_IN = 0.002  # of the range: at the tightest level itself a single choice is left
LEVELS_APART = 1e-6  # relative
FOR_AN_END = Effort(nodes=300)  # the tightest level need only be one that a choice holds


@dataclass(frozen=True, eq=False, slots=True)
class Point:
    """The best answer at level `x`: `y` is its value, held between `lower` and `upper`.

    `choice` is (applicants,) in the smallest integers that hold it. `tangent` is the value that
    one unit of the axis row's `at_most` is worth, and `dual_bound` where that line starts.
    `finished` is false where the search for `y` met its limit of work.
    """

    x: float
    y: float
    lower: float
    upper: float
    multipliers: Multipliers
    gap: float
    violation: float
    used: dict[str, float]
    choice: NDArray[np.integer]
    at_most: float
    tangent: float
    dual_bound: float
    finished: bool


@dataclass(frozen=True, eq=False, slots=True)
class Frontier:
    """Points in the order of `x` with bounds between them.

    Where only the axis row's `at_most` changes with the level, in proportion, the best value is
    concave in it: tangents bound it from above, chords from below (a chord is reached by giving a
    share of the applicants each neighbour's answer). `concave` says so. Otherwise, as on a rate
    axis, a level is bounded by its tighter neighbour from below and its looser one from above.
    """

    points: tuple[Point, ...]
    concave: bool
    rising: bool = field(init=False)

    def __post_init__(self) -> None:
        first, last = self.points[0], self.points[-1]
        object.__setattr__(self, "rising", last.upper >= first.upper)

    def between(self, x: float) -> tuple[float, float]:
        """Bounds on the best value at a level between the first and the last point."""
        for left, right in self._intervals():
            if left.x <= x <= right.x:
                return self._bounds(left, right, x)
        only = self.points[0]
        if x == only.x:
            return only.lower, only.upper
        raise BadInput(
            f"level {x:g} is outside the frontier",
            mend=f"ask between {only.x:g} and {self.points[-1].x:g}",
        )

    def width(self) -> float:
        """The largest distance between the bounds, in units of the value."""
        at_points = max(point.upper - point.lower for point in self.points)
        return max([at_points, *(self._widest(*pair)[1] for pair in self._intervals())])

    def widest(self) -> float | None:
        """The level at which the bounds are furthest apart, off the points; None for one point."""
        spots = [self._widest(*pair) for pair in self._intervals()]
        return max(spots, key=lambda spot: spot[1])[0] if spots else None

    def _intervals(self) -> Iterator[tuple[Point, Point]]:
        yield from zip(self.points[:-1], self.points[1:], strict=True)

    def _bounds(self, left: Point, right: Point, x: float) -> tuple[float, float]:
        tight, loose = (left, right) if self.rising else (right, left)
        if not self.concave:
            return tight.lower, loose.upper
        share = (x - left.x) / (right.x - left.x)
        at_most = left.at_most + share * (right.at_most - left.at_most)
        chord = left.lower + share * (right.lower - left.lower)
        return max(tight.lower, chord), min(
            loose.upper,
            *(end.dual_bound + end.tangent * (at_most - end.at_most) for end in (left, right)),
        )

    def _widest(self, left: Point, right: Point) -> tuple[float, float]:
        middle = 0.5 * (left.x + right.x)
        if self.concave and left.tangent != right.tangent:
            # where the tangents meet, as a share of the way from left to right
            run = right.at_most - left.at_most
            start = left.dual_bound - right.dual_bound + right.tangent * run
            share = start / (run * (right.tangent - left.tangent)) if run else 0.5
            middle = left.x + float(np.clip(share, 0.1, 0.9)) * (right.x - left.x)
        lower, upper = self._bounds(left, right, middle)
        return middle, upper - lower


def trace_frontier(
    problem: Problem,
    axis: Axis,
    points: int = 20,
    *,
    low: float | None = None,
    high: float | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> Frontier:
    """The best value of `problem` under one more row, `axis(level)`, over a range of levels.

    Where `low` or `high` is not given, or cannot hold, the range ends where the row begins to
    bind at one side, and just inside the last level that can hold at the other. Each point is
    solved from its neighbour's prices, and placed where the bounds are furthest apart.
    Raises `Infeasible` where the problem has no answer even without the axis.
    """
    return traced_at(
        _OfProblem(problem, axis, threads), points, low=low, high=high, progress=progress
    )


class Levels(Protocol[Policy]):
    """A problem at levels of an axis, and what its policies make of the axis.

    `point` solves it at a level, from prices of a neighbour where they are given. `free` is the
    best policy without the axis, `least` the one that uses least of the axis row at a level.
    `level_of` is the level at which a policy holds the row with nothing to spare; `moves` whether
    there is one. `is_concave` says whether only the row's `at_most` changes, and in proportion.
    """

    def point(self, x: float, start: FloatArray | None = None) -> Point: ...

    def free(self) -> Policy: ...

    def least(self, level: float) -> Policy: ...

    def level_of(self, policy: Policy) -> float: ...

    def moves(self, policy: Policy) -> bool: ...

    def is_concave(self, low: float, high: float) -> bool: ...


def traced_at(
    levels: Levels[Policy],
    points: int,
    *,
    low: float | None = None,
    high: float | None = None,
    progress: Progress | None = None,
) -> Frontier:
    """`trace_frontier` of a problem wherever its applicants are held."""
    if points < 2:
        raise BadInput(f"a frontier of {points} points", field="points", mend="ask for 2 or more")
    with (progress or Silent()).step("frontier") as step:
        traced = _Ends(levels).between(low, high)
        concave = levels.is_concave(traced[0].x, traced[-1].x)
        frontier = Frontier(_tidy(traced), concave)
        while len(traced) < points:
            step.advance(len(traced), points)
            x = frontier.widest()
            if x is None or any(x == point.x for point in traced):
                break
            new = levels.point(x, _prices_at(traced, x))
            traced = sorted([*traced, new], key=lambda point: point.x)
            frontier = Frontier(_tidy(traced), concave)
        step.advance(points, points)
    return frontier


class _Ends(Generic[Policy]):
    """Where a frontier begins and ends."""

    def __init__(self, levels: Levels[Policy]) -> None:
        self.levels = levels

    def between(self, low: float | None, high: float | None) -> list[Point]:
        """The first and the last point; the same once where the row never matters."""
        given = [x for x in (low, high) if x is not None]
        held: list[Point] = []
        for x in given:
            try:
                held.append(self.levels.point(x, held[0].multipliers.array if held else None))
            except Infeasible:
                continue
        if len(held) < 2:
            held = self._located(low, high, held)
        return sorted(held, key=lambda point: point.x)

    def _located(self, low: float | None, high: float | None, held: list[Point]) -> list[Point]:
        loose = self._level_of(self.levels.free())
        tight = self._tightest(loose)
        inside = tight + DRAWN_IN * (loose - tight)
        if held and (low is None or high is None):  # one end given and it holds: locate the other
            bound, side = (held[0].x, 1) if low is not None else (held[0].x, -1)
            other = max((loose, inside), key=lambda x: side * x)
            return (
                held
                if side * (other - bound) <= 0
                else [*held, self.levels.point(other, held[0].multipliers.array)]
            )
        if held:  # both given, one cannot hold
            return [*held, self.levels.point(inside, held[0].multipliers.array)]
        if given := [x for x in (low, high) if x is not None]:
            far = max(given, key=lambda x: (x - tight) * np.sign(loose - tight))
            if len(given) == 2 or (far - tight) * (loose - tight) < 0:
                self.levels.point(far)  # beyond the last level that can hold: refuse, naming rows
        first = self.levels.point(loose)
        if _close(loose, tight):
            return [first]
        return [first, self.levels.point(inside, first.multipliers.array)]

    def _tightest(self, level: float) -> float:
        """The last level that some choice under the other rows can hold.

        The choice that uses least at one level defines the next; for a rate that is Dinkelbach's
        method, which needs few steps.
        """
        for _ in range(12):
            policy = self.levels.least(level)
            if not self.levels.moves(policy):  # nobody is lent to: any level holds, the last too
                return level
            new = self._level_of(policy)
            if _close(new, level):
                return new
            level = new
        return level

    def _level_of(self, policy: Policy) -> float:
        if not self.levels.moves(policy):
            raise BadInput("the axis row does not change with its level", field="axis")
        return self.levels.level_of(policy)


class _OfProblem:
    """`Levels` of a problem in memory."""

    def __init__(self, problem: Problem, axis: Axis, threads: int) -> None:
        self.problem, self.axis, self.threads = problem, axis, threads

    def point(self, x: float, start: FloatArray | None = None) -> Point:
        row = self.axis(x)
        at = self.problem.with_rows([*self.problem.rows, row])
        return point_of(x, row.at_most, row.name, solve(at, self.threads, start))

    def free(self) -> Choice:
        return solve(self.problem, self.threads).choice

    def least(self, level: float) -> Choice:
        problem = self.problem.least(self.axis(level), self.problem.rows)
        return solve(problem, self.threads, effort=FOR_AN_END).choice

    def level_of(self, policy: Choice) -> float:
        """By secants."""
        x, y = 0.0, 1.0
        at_x, at_y = self._spare(policy, x), self._spare(policy, y)
        for _ in range(30):
            x, y = y, y - at_y * (y - x) / (at_y - at_x)
            at_x, at_y = at_y, self._spare(policy, y)
            if at_x == at_y or abs(y - x) <= 1e-7 * max(abs(x), abs(y)):
                break
        return y

    def moves(self, policy: Choice) -> bool:
        """Whether the policy's spare on the axis row changes with the level."""
        return self._spare(policy, 0.0) != self._spare(policy, 1.0)

    def _spare(self, choice: Choice, level: float) -> float:
        row = self.axis(level)
        usage = np.broadcast_to(row.usage, self.problem.shape)
        taken = usage[np.arange(choice.size), choice]
        return row.at_most - float(
            (taken if row.where is None else taken[row.where]).sum(dtype=np.float64)
        )

    def is_concave(self, low: float, high: float) -> bool:
        first, middle, last = (self.axis(x) for x in (low, 0.5 * (low + high), high))
        same = all(_same(first.usage, row.usage) for row in (middle, last)) and all(
            _same(first.where, row.where) for row in (middle, last)
        )
        mean = 0.5 * (first.at_most + last.at_most)
        return same and bool(np.isclose(middle.at_most, mean, rtol=1e-9, atol=0.0))


def point_of(x: float, at_most: float, axis: str, solution: Solution) -> Point:
    """A solved level, where the row called `axis` was held to `at_most`."""
    return Point(
        x=x,
        y=solution.value,
        lower=solution.value,
        upper=solution.upper_bound,
        multipliers=solution.multipliers,
        gap=solution.gap,
        violation=solution.violation,
        used=solution.used,
        choice=_compact(solution.choice),
        at_most=at_most,
        tangent=solution.multipliers[axis],
        dual_bound=solution.dual_bound,
        finished=solution.finished,
    )


def _prices_at(points: list[Point], x: float) -> FloatArray:
    """Prices between those of the neighbours, in proportion."""
    right = next(point for point in points if point.x > x)
    left = points[points.index(right) - 1]
    share = (x - left.x) / (right.x - left.x)
    return (1 - share) * left.multipliers.array + share * right.multipliers.array


def _close(one: float, other: float) -> bool:
    """Whether two levels are one: no nearer than that is the tightest level known."""
    return abs(one - other) <= LEVELS_APART * max(abs(one), abs(other))


def _same(one: Array | None, other: Array | None) -> bool:
    return one is other or (
        one is not None and other is not None and bool(np.array_equal(one, other))
    )


def _compact(choice: Choice) -> NDArray[np.integer]:
    most = choice.max(initial=0)
    return choice.astype(np.int8 if most <= np.iinfo(np.int8).max else np.int16)


def _tidy(points: list[Point]) -> tuple[Point, ...]:
    """What a tighter level reaches a looser one can too, and its bound holds at tighter ones."""
    rising = points[-1].upper >= points[0].upper
    towards_loose = points if rising else points[::-1]
    lower = np.maximum.accumulate([point.lower for point in towards_loose])
    upper = np.minimum.accumulate([point.upper for point in towards_loose[::-1]])[::-1]
    tidied = [
        replace(point, lower=float(a), upper=float(b))
        for point, a, b in zip(towards_loose, lower, upper, strict=True)
    ]
    return tuple(tidied if rising else tidied[::-1])
