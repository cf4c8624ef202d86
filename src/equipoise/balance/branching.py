"""Branch and bound over a core: the best whole choice, with a bound, in a counted number of nodes.

A node closes some candidates. Its bound is the Lagrangian's at prices of its own, reached from its
parent's in microseconds (`descent`), and every candidate too far below its owner's best to be part
of a better choice is closed with it. The node of the highest bound is opened first, so the bound
falls as fast as can be; what the work is limited by is nodes, never time.

Where a row's usage takes only a few values, such as hours of an underwriter, how many applicants
get each is a whole number, and the shares at the best prices seldom add up to one. Splitting on
such a count (at most n, at least n + 1) tells more than splitting on any single applicant.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from equipoise.balance.descent import close_dear, least_bound, to_branch
from equipoise.balance.exchange import exchange, round_in_balance
from equipoise.numeric.arrays import Array, FloatArray

FINE = 1e-6  # of the size: a gap so small ends any search
COARSE = 8e-5  # ends one that has opened `EAGER` nodes
EAGER = 60  # or more where they are small: passes over so many candidates in all
PASSES = 40_000
NODES = 2000
WORK = 1_000_000  # candidates passed over node by node: fewer nodes where there are many
EXCHANGED = 3000  # candidates; among more, trying every pair takes too long
TRIED_FIRST = 8  # nodes of which each is rounded to a choice, and then
TRIED_EVERY = 8
SMOOTHING = 0.02  # of what may be left open: what temperature may cost a node's bound
LOWEST = -1.7e308
FEW_VALUES = 4  # that a row's usage may take for its counts to be split on
MOST_COUNTS = 6
BETWEEN = 0.2  # how far from a whole number a count is to be split: shares add up roughly


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a search may do, in nodes opened, and what its gap is relative to.

    That is the bound, or `size` where it is larger: a value that is a difference ends near zero.
    """

    nodes: int = NODES
    size: float = 0.0


USUAL = Effort()


@dataclass(frozen=True, slots=True)
class Choices:
    """The owners' candidates: `first` marks where each owner's begin, usage is (candidates, rows).

    `room` (rows,) is what the owners may use together. All but `value` is scaled.
    """

    first: NDArray[np.int64]
    value: FloatArray
    usage: FloatArray
    room: FloatArray

    @property
    def owner(self) -> Array:
        return np.repeat(np.arange(self.first.size - 1), np.diff(self.first))


@dataclass(frozen=True, slots=True)
class Searched:
    """The best choice met (a candidate per owner), what no choice exceeds, and the work it took.

    `picked` is None where none was met that is better than what was known. `finished` says that
    the search ended by itself: the bound is then as close as was asked.
    """

    picked: Array | None
    value: float
    bound: float
    nodes: int
    finished: bool


@dataclass(order=True, slots=True)
class _Node:
    rank: tuple[float, int]
    closed: NDArray[np.bool_] = field(compare=False)
    room: FloatArray = field(compare=False)
    prices: FloatArray = field(compare=False)
    split: _Split = field(compare=False)

    @property
    def bound(self) -> float:
        return -self.rank[0]


@dataclass(frozen=True, slots=True)
class _Split:
    """On an owner's candidate, or where `count` is not negative on how many are counted there."""

    owner: int
    candidate: int
    count: int = -1
    below: float = 0.0


class Search:
    """One branch and bound; `size` is what gaps are relative to, `holds` accepts a choice."""

    def __init__(
        self, choices: Choices, size: float, known: float, holds: Callable[[Array], bool]
    ) -> None:
        self.choices, self.size, self.holds = choices, size, holds
        self.counted = _counted(choices.usage)
        self.usage = np.hstack([choices.usage, self.counted, -self.counted])
        self.picked: Array | None = None
        self.value = known
        self.pruned = LOWEST
        self.nodes = 0
        self.heap: list[_Node] = []
        starts = choices.first[:-1]
        # no choice is worth less, so a bound below it says that none holds
        self.least = float(np.minimum.reduceat(choices.value, starts).sum()) - size
        self.eager = max(EAGER, PASSES // choices.value.size)
        self.tau = max(COARSE * size * SMOOTHING, 1e-300)

    def run(self, prices: FloatArray, nodes: int = NODES) -> Searched:
        """Search from the prices of the whole problem, scaled, opening at most so many nodes."""
        nodes = min(nodes, max(EAGER, WORK // self.choices.value.size))
        free = np.full(2 * self.counted.shape[1], float(self.choices.first.size))
        room = np.r_[self.choices.room, free]
        closed = np.zeros(self.choices.value.size, dtype=np.bool_)
        self._add(closed, room, np.r_[prices, np.zeros(free.size)], np.inf)
        while self.heap and self.heap[0].bound > self._enough() and self.nodes < nodes:
            self._open(heapq.heappop(self.heap))
        top = self.heap[0].bound if self.heap else LOWEST
        bound = max(self.value, self.pruned, top)
        return Searched(self.picked, self.value, bound, self.nodes, top <= self._enough())

    def _enough(self) -> float:
        """A bound that needs no further search."""
        if self.value == -np.inf:
            return self.least
        return self.value + (FINE if self.nodes < self.eager else COARSE) * self.size

    def _open(self, node: _Node) -> None:
        """The two halves of a node."""
        split = node.split
        if split.count >= 0:
            rows, counts = self.choices.room.size, self.counted.shape[1]
            for at, limit in ((split.count, split.below), (split.count + counts, -split.below - 1)):
                room = node.room.copy()
                room[rows + at] = limit
                self._add(node.closed.copy(), room, node.prices, node.bound)
            return
        first = self.choices.first
        taken = node.closed.copy()
        taken[first[split.owner] : first[split.owner + 1]] = True
        taken[split.candidate] = False
        refused = node.closed.copy()
        refused[split.candidate] = True
        for closed in (taken, refused):
            self._add(closed, node.room, node.prices, node.bound)

    def _add(
        self, closed: NDArray[np.bool_], room: FloatArray, start: FloatArray, above: float
    ) -> None:
        c, prices, enough = self.choices, start.copy(), self._enough()
        share, covariance = np.zeros(c.value.size), np.zeros((room.size, room.size))
        args = c.first, c.value, self.usage, closed
        bound = least_bound(*args, room, prices, self.tau, enough, share, covariance)
        bound = min(bound, above)
        self.nodes += 1
        if bound > enough and (self.nodes <= TRIED_FIRST or self.nodes % TRIED_EVERY == 0):
            self._round(prices[: c.room.size], share)
            enough = self._enough()
        if bound <= enough:
            self.pruned = max(self.pruned, bound)
            return
        self.pruned = max(self.pruned, close_dear(*args, prices, bound, enough))
        split = self._split(closed, room, share, covariance)
        if split is None:
            self._accept(np.flatnonzero(~closed))
            return
        heapq.heappush(self.heap, _Node((-bound, self.nodes), closed, room, prices, split))

    def _split(
        self,
        closed: NDArray[np.bool_],
        room: FloatArray,
        share: FloatArray,
        covariance: FloatArray,
    ) -> _Split | None:
        """What to split a node on; None where every owner has one candidate left."""
        c, rows = self.choices, self.choices.room.size
        counts = share @ self.counted
        known = room[rows : rows + counts.size] <= -room[rows + counts.size :]
        apart = np.where(known, 0.0, np.abs(counts - np.round(counts)))
        inverse = _inverse(covariance[:rows, :rows])
        owner, candidate = to_branch(c.first, c.usage, closed, share, inverse)
        if owner < 0:
            return None
        if apart.size and apart.max() > BETWEEN:
            at = int(apart.argmax())
            return _Split(-1, -1, at, float(np.floor(counts[at])))
        return _Split(owner, candidate)

    def _round(self, prices: FloatArray, share: FloatArray) -> None:
        """Make a choice of shares, and exchange pairs in it for the better."""
        c = self.choices
        if c.value.size > EXCHANGED:
            return
        owner, starts = c.owner, c.first[:-1]
        picked = np.array(starts)
        mean = np.add.reduceat(c.usage * share[:, None], starts, axis=0)
        over = mean.sum(axis=0) - c.room
        apart = np.maximum.reduceat(np.abs(c.usage - mean[owner]).max(axis=1), starts)
        order = np.argsort(-apart, kind="stable")
        round_in_balance(c.first, share, c.usage, order, prices > 0, over, picked)
        slack = c.room - c.usage[picked].sum(axis=0)
        tolerance = 1e-14 * (np.abs(c.room) + starts.size)
        penalty = 10.0 * (float(prices.max(initial=0.0)) + float(np.ptp(c.value))) + 1e-9
        enough = 0.1 * FINE * self.size
        exchange(owner, c.usage, c.value, picked, slack, tolerance, penalty, enough, 20)
        self._accept(picked)

    def _accept(self, picked: Array) -> None:
        value = float(self.choices.value[picked].sum())
        if value > self.value and self.holds(picked):
            self.value, self.picked = value, picked.copy()


def _counted(usage: FloatArray) -> FloatArray:
    """Which candidates are of each kind (candidates, kinds), by the rows of few values."""
    few = [np.unique(column.round(9), return_inverse=True) for column in usage.T]
    codes = [code for values, code in few if 1 < values.size <= FEW_VALUES]
    if not codes:
        return np.zeros((len(usage), 0))
    kinds = np.unique(np.column_stack(codes), axis=0, return_inverse=True)[1].ravel()
    many = int(kinds.max())  # the last kind is what the others leave
    return np.column_stack([kinds == k for k in range(min(many, MOST_COUNTS))]).astype(np.float64)


def _inverse(covariance: FloatArray) -> FloatArray:
    """Of the covariance of shares, firm where few are shared."""
    size: FloatArray = np.diag(covariance)
    least = 1e-9 * max(float(size.max(initial=0.0)), 1e-12)
    firm: FloatArray = covariance + np.diag(1e-9 * size + least)
    return np.asarray(np.linalg.inv(firm), dtype=np.float64)
