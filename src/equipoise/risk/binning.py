"""Bins of one feature, and the weights of evidence of what falls into them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

import numpy as np
import polars as pl

from equipoise.numeric.arrays import Array, FloatArray
from equipoise.risk.characteristic import Attribute, Categorical, Characteristic, Numeric
from equipoise.risk.screening import information_value
from equipoise.risk.segments import HALF_ROW, PLAIN, Cells, Limits, apart, segment_starts
from equipoise.risk.training import Counted, Tally, counted, tally

FEW_ROWS = 30  # an attribute with fewer training rows gets no weight of evidence of its own,
FEWEST_ROWS = 10  # unless it has this many and differs from the rest beyond chance
FEWEST_CELLS, MOST_CELLS = 20, 40
ROWS_PER_CELL = 50
COMMON_SHARE = 0.02
EMPTY = Attribute("", 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class BinOptions:
    """How one feature is binned.

    `direction` is the expected effect on risk as the value rises: +1, -1 or 0 (found from data).
    `special` codes get attributes of their own. `min_bin_size` is a share of the rows; a bin that
    differs from all others beyond chance may be smaller, down to `rare`.
    """

    direction: int = 0
    special: tuple[float, ...] = ()
    max_bins: int = 8
    min_bin_size: float = 0.05
    rare: float = 0.01  # categories with a smaller share are pooled


@dataclass(frozen=True, slots=True)
class Binned:
    """A characteristic without points yet, and the row counts behind it."""

    characteristic: Characteristic
    woes: FloatArray  # by position, as `locate` gives them
    information_value: float


def find_bins(
    column: pl.Series, bad: Array, options: BinOptions, weight: FloatArray | None = None
) -> Characteristic:
    """The optimal bins of one feature, without weights of evidence yet.

    `bad` and `weight` are (n,). A bin without a bad or without a good is a bin like any other.
    """
    flags = np.asarray(bad, dtype=bool)
    weights = np.ones(flags.size) if weight is None else weight
    values = counted(column, flags, weights, options.special)
    return bins_of(column.name, values, options, float(weights.sum()))


def bins_of(name: str, values: Counted, options: BinOptions, rows: float) -> Characteristic:
    """The optimal bins of a feature's distinct values; `rows` is the weight of all rows."""
    if values.values.dtype == object:
        return grouped(name, values, options, rows)
    edges = candidate_edges(values.values, values.rows)
    return cut(name, np.array(edges), between_edges(values, np.array(edges)), options, rows)


def cut(
    name: str, edges: FloatArray, cells: Cells, options: BinOptions, rows: float
) -> Characteristic:
    """The optimal bins of a number, of counts between candidate edges (edges + 1,)."""
    kept: tuple[float, ...] = ()
    if edges.size:
        starts = segment_starts(cells, _limits(options, rows, options.direction))
        kept = tuple(float(edges[at - 1]) for at in starts)
    attributes = tuple(EMPTY for _ in range(len(kept) + 1))
    special = tuple((code, EMPTY) for code in options.special)
    return Numeric(name, 0.0, kept, attributes, EMPTY, special)


def grouped(name: str, values: Counted, options: BinOptions, rows: float) -> Characteristic:
    """The optimal groups of a text's categories."""
    groups = _groups(values, options, rows)
    return Categorical(name, 0.0, groups, tuple(EMPTY for _ in groups), EMPTY, EMPTY)


def between_edges(values: Counted, edges: FloatArray) -> Cells:
    """Distinct values' counts between edges."""
    codes = np.searchsorted(edges, values.values, side="right")
    goods, bads = (
        np.bincount(codes, weights=side, minlength=edges.size + 1).astype(np.float64)
        for side in (values.cells.goods, values.cells.bads)
    )
    return Cells(goods, bads)


def _limits(options: BinOptions, rows: float, direction: int) -> Limits:
    return Limits(
        direction=direction,
        most_bins=options.max_bins,
        least_rows=options.min_bin_size * rows,
        few_rows=max(FEWEST_ROWS, min(options.rare, options.min_bin_size) * rows),
    )


def candidate_edges(distinct: FloatArray, rows: FloatArray) -> tuple[float, ...]:
    """Where a number may be cut: between all values where they are few, else at even ranks.

    `distinct` are the values in rising order, `rows` the weight of each.
    A value that many rows share (a zero, a cap) can be cut off on both sides. Each edge is the
    shortest number above one value and not above the next.
    """
    if not distinct.size:
        return ()
    until = np.cumsum(rows)
    total = float(until[-1])
    cells = min(max(int(total) // ROWS_PER_CELL, FEWEST_CELLS), MOST_CELLS)
    if distinct.size <= cells:
        firsts = np.arange(1, distinct.size)
    else:
        ranks = np.arange(1, cells) * total / cells
        cuts = np.searchsorted(until, ranks, side="right")
        common = np.flatnonzero(rows >= COMMON_SHARE * total)
        firsts = np.unique(np.concatenate([cuts, common, common + 1]))
        firsts = firsts[(firsts > 0) & (firsts < distinct.size)]
    return tuple(shortest_between(float(distinct[at - 1]), float(distinct[at])) for at in firsts)


def shortest_between(low: float, high: float) -> float:
    """The number x with the fewest digits such that low < x <= high."""
    if low < 0 < high:
        return 0.0
    for digits in range(1, 17):
        exact = Decimal(high)
        if not exact:
            return 0.0
        unit = Decimal(1).scaleb(exact.adjusted() - digits + 1)
        rounded = float((exact / unit).to_integral_value(rounding=ROUND_FLOOR) * unit)
        if low < rounded <= high:
            return rounded
    return high


def _groups(values: Counted, options: BinOptions, weight: float) -> tuple[tuple[str, ...], ...]:
    names, cells = values.values.astype(str), values.cells
    if not names.size:
        return ()
    rows = values.rows
    common = np.flatnonzero(rows >= max(options.rare * values.total, 2))
    if not common.size:
        return ()
    # a group of categories that are neighbours by bad rate is the best of its size, so bins of
    # that order are the best of all (Fisher 1958)
    odds = (cells.bads[common] + HALF_ROW) / (cells.goods[common] + HALF_ROW)
    order = common[np.lexsort((names[common], odds))]
    ordered = Cells(cells.goods[order], cells.bads[order])
    starts = segment_starts(ordered, _limits(options, weight, 1))
    return tuple(tuple(sorted(str(n) for n in names[part])) for part in np.split(order, starts))


def with_evidence(
    characteristic: Characteristic, column: pl.Series, bad: Array, weight: FloatArray
) -> Binned:
    """Weights of evidence of a characteristic's attributes, from weighted rows."""
    flags = np.asarray(bad, dtype=bool)
    return evidence_of(characteristic, tally(characteristic, column, flags, weight))


def evidence_of(characteristic: Characteristic, counts: Tally) -> Binned:
    """Weights of evidence of a characteristic's attributes, from counts of the whole sample.

    An attribute with under 30 rows gets the neutral weight 0, which neither helps nor harms, unless
    it has ten and differs from the rest beyond chance.
    """
    rows, goods, bads = counts.rows, counts.goods, counts.bads
    total_bad, total_good = float(bads.sum()), float(goods.sum())
    share_bad = np.where(bads == 0, HALF_ROW, bads) / total_bad
    share_good = np.where(goods == 0, HALF_ROW, goods) / total_good
    enough = rows >= min(FEW_ROWS, max(1, int(rows.sum()) // 20))
    enough |= (rows >= FEWEST_ROWS) & (apart(goods, bads, total_good, total_bad) > PLAIN)
    woes = np.where(enough, np.log(share_good / share_bad), 0.0)
    value = information_value(goods[enough], bads[enough])
    with np.errstate(invalid="ignore"):
        rates = bads / (bads + goods)
    shares = (bads + goods) / (total_bad + total_good)
    described = _described(characteristic, woes, shares, rates, value)
    return Binned(described, woes, value)


def _described(
    each: Characteristic, woes: FloatArray, shares: FloatArray, rates: FloatArray, value: float
) -> Characteristic:
    labels = _labels(each)
    attributes = [
        Attribute(
            label,
            float(woes[at]),
            0.0,
            float(shares[at]),
            float(rates[at]) if np.isfinite(rates[at]) else None,
        )
        for at, label in enumerate(labels)
    ]
    return rebuilt(each, attributes, each.coefficient, value)


def rebuilt(
    each: Characteristic, attributes: list[Attribute], coefficient: float, value: float
) -> Characteristic:
    """The same bins with other attributes, given by position as `locate` counts."""
    count = len(each.attributes)
    bins = tuple(attributes[:count])
    if isinstance(each, Numeric):
        codes = [code for code, _ in each.special]
        special = tuple(zip(codes, attributes[count:], strict=False))
        missing = attributes[count + len(codes)]
        return Numeric(each.name, coefficient, each.edges, bins, missing, special, value)
    other, missing = attributes[count], attributes[count + 1]
    return Categorical(each.name, coefficient, each.groups, bins, missing, other, value)


def _labels(each: Characteristic) -> list[str]:
    if isinstance(each, Categorical):
        return [", ".join(group) for group in each.groups] + ["any other", "missing"]
    ends = [f"{edge:g}" for edge in each.edges]
    if not ends:
        bins = ["any value"]
    else:
        middle = [f"{low} to below {high}" for low, high in pairwise(ends)]
        bins = [f"below {ends[0]}", *middle, f"{ends[-1]} or more"]
    return [*bins, *(f"code {code:g}" for code, _ in each.special), "missing"]
