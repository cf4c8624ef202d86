"""The rows that a model learns from, wherever they lie: what a fit asks of them is counts and sums.

A fit holds the outcome and the weight of each row; features it sees as counts of distinct values,
as sums, and whole for some rows only. One implementation is a frame, another a cluster's
partitions, and both give the same counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from equipoise.numeric.arrays import Array, BoolArray, FloatArray
from equipoise.risk.characteristic import Characteristic
from equipoise.risk.newton import LogisticSums, sums_over
from equipoise.risk.screening import Kind, kind_of
from equipoise.risk.segments import Cells

MANY_VALUES = 100_000  # of a characteristic: above, cuts are sought at quantile points of a sample
SAMPLE_ROWS = 100_000  # characteristics are chosen, and those points taken, on no more rows


@dataclass(frozen=True, slots=True)
class Counted:
    """The distinct values of a feature in rising order, and weighted goods and bads of each.

    `total` is the weight of all of them: of a text's many categories the commonest may stand here
    alone.
    """

    values: Array
    cells: Cells
    total: float

    @property
    def rows(self) -> FloatArray:
        """Weight of each value, (values,)."""
        return np.asarray(self.cells.goods + self.cells.bads)


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows, weighted goods and weighted bads by position of a characteristic, (positions,) each."""

    rows: FloatArray
    goods: FloatArray
    bads: FloatArray


class TrainingRows(Protocol):
    """What a fit asks of its rows; `flags` (n,) marks bads, `weights` (n,) counts rows."""

    columns: Sequence[str]
    flags: BoolArray
    weights: FloatArray

    def kinds(self) -> Mapping[str, Kind]:
        """What is in each column."""

    def some(self, rows: Array) -> pl.DataFrame:
        """The features of some rows, given by number, in that order."""

    def counted(self, special: Mapping[str, Sequence[float]]) -> Mapping[str, Counted]:
        """Each column of `special` by distinct values, without missing ones and special codes."""

    def between(
        self, edges: Mapping[str, FloatArray], special: Mapping[str, Sequence[float]]
    ) -> Mapping[str, Cells]:
        """Weighted goods and bads of numbers between edges, [low, high)."""

    def tallies(self, characteristics: Sequence[Characteristic]) -> Sequence[Tally]:
        """Counts by position of each characteristic."""

    def logistic(
        self, characteristics: Sequence[Characteristic], woes: Sequence[FloatArray]
    ) -> LogisticSums:
        """Sums of the regression of good on the weights of evidence, by position."""


class FrameRows:
    """Training rows that one frame holds."""

    def __init__(self, frame: pl.DataFrame, flags: Array, weights: FloatArray) -> None:
        self._frame = frame
        self.columns: Sequence[str] = frame.columns
        self.flags, self.weights = np.asarray(flags, dtype=bool), weights

    def kinds(self) -> Mapping[str, Kind]:
        """What is in each column."""
        return {name: kind_of(self._frame[name]) for name in self.columns}

    def some(self, rows: Array) -> pl.DataFrame:
        """The features of some rows."""
        return self._frame[rows]

    def counted(self, special: Mapping[str, Sequence[float]]) -> Mapping[str, Counted]:
        """Each column of `special` by distinct values."""
        return {
            name: counted(self._frame[name], self.flags, self.weights, codes)
            for name, codes in special.items()
        }

    def between(
        self, edges: Mapping[str, FloatArray], special: Mapping[str, Sequence[float]]
    ) -> Mapping[str, Cells]:
        """Weighted goods and bads of numbers between edges."""
        return {
            name: between(self._frame[name], self.flags, self.weights, each, special.get(name, ()))
            for name, each in edges.items()
        }

    def tallies(self, characteristics: Sequence[Characteristic]) -> Sequence[Tally]:
        """Counts by position of each characteristic."""
        return [
            tally(each, self._frame[each.name], self.flags, self.weights)
            for each in characteristics
        ]

    def logistic(
        self, characteristics: Sequence[Characteristic], woes: Sequence[FloatArray]
    ) -> LogisticSums:
        """Sums of the regression of good on the weights of evidence."""
        matrix = woe_matrix(self._frame, characteristics, woes)
        return sums_over(matrix, ~self.flags, self.weights)


def counted(
    column: pl.Series, flags: BoolArray, weights: FloatArray, special: Sequence[float] = ()
) -> Counted:
    """A column's distinct values with weighted goods and bads; a row of weight 0 is left out."""
    if column.dtype == pl.String:
        used = column.is_not_null().to_numpy() & (weights > 0)
        texts = column.filter(pl.Series(used))
        names = texts.unique().sort()
        codes = texts.cast(pl.Enum(names)).to_physical().to_numpy()
        values: Array = np.array(names.to_list(), dtype=object)
    else:
        numbers = column.cast(pl.Float64).to_numpy()
        used = usable(numbers, special) & (weights > 0)
        values, codes = np.unique(numbers[used], return_inverse=True)
    cells = cells_of(codes, flags[used], weights[used], values.size)
    return Counted(values, cells, float((cells.goods + cells.bads).sum()))


def usable(numbers: FloatArray, special: Sequence[float]) -> BoolArray:
    """Numbers that are present, finite and no special code, (n,)."""
    return np.asarray(np.isfinite(numbers) & ~np.isin(numbers, special))


def between(
    column: pl.Series,
    flags: BoolArray,
    weights: FloatArray,
    edges: FloatArray,
    special: Sequence[float] = (),
) -> Cells:
    """Weighted goods and bads of a column's numbers between edges, (edges + 1,)."""
    numbers = column.cast(pl.Float64).to_numpy()
    used = usable(numbers, special)
    codes = np.searchsorted(edges, numbers[used], side="right")
    return cells_of(codes, flags[used], weights[used], edges.size + 1)


def cells_of(codes: Array, flags: BoolArray, weights: FloatArray, size: int) -> Cells:
    """Weighted goods and bads by code."""
    goods, bads = (
        np.bincount(codes, weights=weights * side, minlength=size).astype(np.float64)
        for side in (~flags, flags)
    )
    return Cells(goods, bads)


def tally(each: Characteristic, column: pl.Series, flags: BoolArray, weights: FloatArray) -> Tally:
    """Counts of a column by the characteristic's positions."""
    positions = each.locate(column)
    size = each.points_table().size
    rows = np.bincount(positions, minlength=size).astype(np.float64)
    cells = cells_of(positions, flags, weights, size)
    return Tally(rows, cells.goods, cells.bads)


def woe_matrix(
    frame: pl.DataFrame, characteristics: Sequence[Characteristic], woes: Sequence[FloatArray]
) -> FloatArray:
    """Weights of evidence of each row, (n, characteristics)."""
    columns = [
        woe[each.locate(frame[each.name])] for each, woe in zip(characteristics, woes, strict=True)
    ]
    return np.column_stack(columns)
