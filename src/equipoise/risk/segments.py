"""The best way to join neighbouring cells of counts into few bins: an exact dynamic programme.

Cells stand in order (of a number, or of categories by their bad rate). A bin is a run of cells;
the bins taken have the highest information value, less what chance alone would bring, among all
that are large enough and follow a shape. Nothing is searched by time: the same counts give the
same bins on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray

HALF_ROW = 0.5  # stands in for an empty side, so that a bin without a bad keeps a finite weight
CHANCE_PER_BIN = 1.0  # price of one more bin: the information that it brings by chance alone
TURN_PAYS = 20.0  # a shape with one more turn must bring this much more, in the same unit
PLAIN = 15.0  # chi-squared of a small bin against all other rows, from which it stands alone
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Cells:
    """Weighted goods and bads of neighbouring cells, (cells,) each."""

    goods: FloatArray
    bads: FloatArray


@dataclass(frozen=True, slots=True)
class Limits:
    """What bins must keep.

    `direction` is +1 where risk must rise from bin to bin, -1 where it must fall, and 0 where the
    data choose: a monotone row of bins, unless one with a turn says clearly more. A bin has at
    least `least_rows` (weighted), or `few_rows` where it differs from the rest beyond chance.
    """

    direction: int
    most_bins: int
    least_rows: float
    few_rows: float


def segment_starts(cells: Cells, limits: Limits) -> IntArray:
    """First cell of each bin but the first, rising; empty where one bin says as much.

    `cells` must hold at least one cell. Every shape is solved exactly over all runs of cells.
    """
    if cells.goods.size < 2 or not cells.goods.sum() or not cells.bads.sum():
        return np.zeros(0, dtype=np.int64)
    spans = _spans(cells, limits)
    if limits.direction:
        return _monotone(spans, limits.most_bins, -limits.direction)[1]
    worth, starts = max(
        (_monotone(spans, limits.most_bins, sign) for sign in (-1, 1)), key=lambda each: each[0]
    )
    for shape in (_one_turn, _any_order):
        more, other = shape(spans, limits.most_bins)
        if more > worth + TURN_PAYS * spans.chance:
            worth, starts = more, other
    return starts


@dataclass(frozen=True, slots=True)
class _Spans:
    """Every run of cells [i, j): its weight of evidence and worth, (cells + 1, cells + 1).

    The worth of a run that may not be a bin is -inf. `chance` is the information value that one
    degree of freedom brings without any relation, 1 / goods + 1 / bads.
    """

    woe: FloatArray
    worth: FloatArray
    chance: float


def _spans(cells: Cells, limits: Limits) -> _Spans:
    goods, bads = _between(cells.goods), _between(cells.bads)
    rows = goods + bads
    all_goods, all_bads = float(cells.goods.sum()), float(cells.bads.sum())
    chance = 1 / all_goods + 1 / all_bads
    good = np.where(goods > 0, goods, HALF_ROW) / all_goods
    bad = np.where(bads > 0, bads, HALF_ROW) / all_bads
    with np.errstate(invalid="ignore", divide="ignore"):
        woe = np.log(good / bad)
        worth = (good - bad) * woe - CHANCE_PER_BIN * chance
    rising = np.tri(goods.shape[0], k=-1, dtype=bool).T
    large = rows >= limits.least_rows
    plain = (rows >= limits.few_rows) & (apart(goods, bads, all_goods, all_bads) > PLAIN)
    allowed = rising & (large | plain)
    allowed[0, -1] = True  # all cells in one bin are a bin, however few rows there are
    return _Spans(woe, np.where(allowed, worth, -np.inf), chance)


def _between(counts: FloatArray) -> FloatArray:
    until = np.concatenate([[0.0], np.cumsum(counts)])
    between: FloatArray = np.maximum(until[None, :] - until[:, None], 0.0)
    return between


def apart(goods: FloatArray, bads: FloatArray, all_goods: float, all_bads: float) -> FloatArray:
    """Chi-squared of bins (any shape) against all other rows, each with one degree of freedom."""
    total = all_goods + all_bads
    inside = goods + bads
    expected = inside * all_bads / total
    spread = expected * (all_goods / total) * (1 - inside / total)
    with np.errstate(invalid="ignore", divide="ignore"):
        excess: FloatArray = np.where(spread > 0, (bads - expected) ** 2 / spread, 0.0)
    return excess


Follows = Callable[[FloatArray, FloatArray], BoolArray]


class _Programme:
    """Best worth of cells [0, j) whose last bin is [i, j), by count of bins."""

    def __init__(self, spans: _Spans, most_bins: int) -> None:
        self.spans, self.cells = spans, spans.woe.shape[0] - 1
        self.most_bins = min(most_bins, self.cells)

    def run(
        self, follows: Follows, begun: list[FloatArray] | None = None
    ) -> tuple[list[FloatArray], list[IntArray]]:
        """Tables by count of bins: worth, and where the bin before the last begins (-1: none).

        `begun` are tables of another shape that the first bin of this one may go on from.
        """
        size = self.cells + 1
        first = np.full((size, size), -np.inf)
        if begun is None:
            first[0] = self.spans.worth[0]
        tables, before = [first], [np.full((size, size), -1)]
        for count in range(1, self.most_bins):
            table, back = np.full((size, size), -np.inf), np.full((size, size), -1)
            for i in range(1, self.cells):
                ways = tables[count - 1][:, i]
                if begun is not None:
                    ways = np.maximum(ways, begun[count - 1][:, i])
                if not np.isfinite(ways).any():
                    continue
                fits = follows(self.spans.woe[:, i][:, None], self.spans.woe[i][None, :])
                open_ways = np.where(fits, ways[:, None], -np.inf)
                best = np.argmax(open_ways, axis=0)
                table[i] = open_ways[best, np.arange(size)] + self.spans.worth[i]
                back[i] = best
            tables.append(table)
            before.append(back)
        return tables, before


def _best_end(tables: list[FloatArray]) -> tuple[float, int, int]:
    """Worth, count of bins less one, and start of the last bin, of the best whole row of bins."""
    ends = [(float(table[:, -1].max()), -at, int(np.argmax(table[:, -1])))
            for at, table in enumerate(tables)]  # fmt: skip
    worth, at, start = max(ends)
    return worth, -at, start


def _falls(before: FloatArray, after: FloatArray) -> BoolArray:
    return np.asarray(before > after + TINY)


def _rises(before: FloatArray, after: FloatArray) -> BoolArray:
    return np.asarray(before < after - TINY)


def _differs(before: FloatArray, after: FloatArray) -> BoolArray:
    return np.asarray(np.abs(before - after) > TINY)


def _monotone(spans: _Spans, most_bins: int, sign: int) -> tuple[float, IntArray]:
    """Bins whose weight of evidence rises (+1) or falls (-1)."""
    return _free(spans, most_bins, _rises if sign > 0 else _falls)


def _any_order(spans: _Spans, most_bins: int) -> tuple[float, IntArray]:
    return _free(spans, most_bins, _differs)


def _free(spans: _Spans, most_bins: int, follows: Follows) -> tuple[float, IntArray]:
    tables, before = _Programme(spans, most_bins).run(follows)
    worth, at, start = _best_end(tables)
    return worth, _walk(start, at, spans.woe.shape[0] - 1, before)


def _walk(start: int, at: int, end: int, before: list[IntArray]) -> IntArray:
    starts = []
    while start > 0:
        starts.append(start)
        start, end, at = int(before[at][start, end]), start, at - 1
    return np.array(starts[::-1], dtype=np.int64)


def _one_turn(spans: _Spans, most_bins: int) -> tuple[float, IntArray]:
    """Bins that rise and then fall, or fall and then rise."""
    programme = _Programme(spans, most_bins)
    ways = []
    for out, home in ((_rises, _falls), (_falls, _rises)):
        tables, before = programme.run(out)
        turned, back = programme.run(home, tables)
        worth, at, start = _best_end(turned)
        ways.append((worth, _walk_turned((start, at), spans, (tables, before), (turned, back))))
    return max(ways, key=lambda each: each[0])


def _walk_turned(
    last: tuple[int, int],
    spans: _Spans,
    out: tuple[list[FloatArray], list[IntArray]],
    home: tuple[list[FloatArray], list[IntArray]],
) -> IntArray:
    (start, at), end, starts = last, spans.woe.shape[0] - 1, []
    turned = True
    while start > 0:
        starts.append(start)
        back = (home if turned else out)[1]
        earlier = int(back[at][start, end])
        start, end, at = earlier, start, at - 1
        # a bin was reached from whichever table was the better one
        turned = turned and bool(home[0][at][start, end] >= out[0][at][start, end])
    return np.array(starts[::-1], dtype=np.int64)
