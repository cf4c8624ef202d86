"""Training rows over blocks: distinct values, counts by bin, and sums for Newton's steps."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from equipoise.cluster.blocks import Arrays, Block, Blocks
from equipoise.cluster.distinct import Distinct, distinct_values
from equipoise.cluster.roles import Roles
from equipoise.numeric.arrays import Array, FloatArray, IntArray
from equipoise.risk.characteristic import Characteristic
from equipoise.risk.newton import LogisticSums, sums_over
from equipoise.risk.screening import Kind
from equipoise.risk.segments import Cells
from equipoise.risk.training import Counted, Tally, between, tally

if TYPE_CHECKING:
    pass


class _Whole(Protocol):
    """Where whole rows come from."""

    def some(self, rows: Array, names: Sequence[str] | None = None) -> pl.DataFrame:
        """Some rows of the table."""

    def numbers(self, places: IntArray) -> IntArray:
        """Row numbers of places in the blocks."""


class BlockRows:
    """Training rows that lie in blocks, given by their places there."""

    def __init__(
        self,
        blocks: Blocks,
        table: _Whole,
        places: IntArray,
        names: Sequence[str],
        *,
        flags: Array,
        weights: FloatArray,
    ) -> None:
        self._blocks, self._places, self._table = blocks, places, table
        self.columns: Sequence[str] = list(names)
        self.flags, self.weights = np.asarray(flags, dtype=bool), np.asarray(weights, dtype=float)
        self._roles = Roles(blocks.height, places, self.flags, self.weights)
        self._distinct: Mapping[str, Distinct] | None = None

    def kinds(self) -> Mapping[str, Kind]:
        """What is in each column."""
        return {name: each.kind for name, each in self._values().items()}

    def some(self, rows: Array) -> pl.DataFrame:
        """The features of some rows."""
        return self._table.some(self._table.numbers(self._places[rows]), self.columns)

    def counted(self, special: Mapping[str, Sequence[float]]) -> Mapping[str, Counted]:
        """Each column of `special` by distinct values."""
        values = self._values()
        return {name: values[name].counted(codes) for name, codes in special.items()}

    def between(
        self, edges: Mapping[str, FloatArray], special: Mapping[str, Sequence[float]]
    ) -> Mapping[str, Cells]:
        """Weighted goods and bads of numbers between edges."""
        if not edges:
            return {}
        parts = list(self._blocks.each("features", _between, (self._roles, edges, special)))
        return {
            name: Cells(_sum(parts, f"g{at}"), _sum(parts, f"b{at}"))
            for at, name in enumerate(edges)
        }

    def tallies(self, characteristics: Sequence[Characteristic]) -> Sequence[Tally]:
        """Counts by position of each characteristic."""
        parts = list(self._blocks.each("features", _tallied, (self._roles, characteristics)))
        return [
            Tally(_sum(parts, f"r{at}"), _sum(parts, f"g{at}"), _sum(parts, f"b{at}"))
            for at in range(len(characteristics))
        ]

    def logistic(
        self, characteristics: Sequence[Characteristic], woes: Sequence[FloatArray]
    ) -> LogisticSums:
        """Sums of the regression of good on the weights of evidence."""
        coded = self._blocks.remade("features", _coded, (self._roles, characteristics))

        def sums(beta: FloatArray) -> tuple[FloatArray, FloatArray]:
            parts = list(coded.each("arrays", _summed, (beta, woes)))
            return _sum(parts, "gradient"), _sum(parts, "information")

        weakref.finalize(sums, coded.close)
        return sums

    def _values(self) -> Mapping[str, Distinct]:
        if self._distinct is None:
            self._distinct = distinct_values(self._blocks, self._roles, self.columns)
        return self._distinct


def _sum(parts: Sequence[Arrays], name: str) -> FloatArray:
    """The sum over blocks, in their order, in more digits than a float64 has."""
    total = np.zeros(parts[0][name].shape, dtype=np.longdouble)
    for part in parts:
        total += part[name]
    return total.astype(np.float64)


def _between(
    block: Block,
    sent: tuple[Roles, Mapping[str, FloatArray], Mapping[str, Sequence[float]]],
) -> Arrays:
    roles, edges, special = sent
    used, flags, weights = roles.of(block)
    frame = block.frame(list(edges))
    arrays: dict[str, Array] = {}
    for at, (name, each) in enumerate(edges.items()):
        cells = between(frame[name][used], flags, weights, each, special.get(name, ()))
        arrays |= {f"g{at}": cells.goods, f"b{at}": cells.bads}
    return arrays


def _tallied(block: Block, sent: tuple[Roles, Sequence[Characteristic]]) -> Arrays:
    roles, characteristics = sent
    used, flags, weights = roles.of(block)
    frame = block.frame([each.name for each in characteristics])
    arrays: dict[str, Array] = {}
    for at, each in enumerate(characteristics):
        counts = tally(each, frame[each.name][used], flags, weights)
        arrays |= {f"r{at}": counts.rows, f"g{at}": counts.goods, f"b{at}": counts.bads}
    return arrays


def _coded(block: Block, sent: tuple[Roles, Sequence[Characteristic]]) -> Arrays:
    """Positions of the used rows by characteristic, with what they are and weigh."""
    roles, characteristics = sent
    used, flags, weights = roles.of(block)
    frame = block.frame([each.name for each in characteristics])[used]
    positions = [each.locate(frame[each.name]) for each in characteristics]
    size = max(each.points_table().size for each in characteristics)
    kind = np.uint8 if size <= 256 else np.int32
    return {
        "positions": np.array(positions, dtype=kind),
        "good": ~flags,
        "weight": weights if roles.weight is not None else np.ones(1),
    }


def _summed(block: Block, sent: tuple[FloatArray, Sequence[FloatArray]]) -> Arrays:
    beta, woes = sent
    coded = block.arrays()
    columns = np.column_stack(
        [woe[each] for woe, each in zip(woes, coded["positions"], strict=True)]
    )
    weights = np.broadcast_to(coded["weight"], coded["good"].shape)
    gradient, information = sums_over(columns, coded["good"], weights)(beta)
    return {"gradient": gradient, "information": information}
