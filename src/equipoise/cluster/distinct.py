"""Distinct values of every feature, counted where the rows lie, at most 100,000 of each.

Each partition keeps one running count a feature and gives up on a number's values once they are too
many; partitions are then joined by feature, sixty-four at a time. Nothing but these counts moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from equipoise.cluster.blocks import Block, Blocks, as_ipc, from_ipc, one_each
from equipoise.cluster.roles import Roles
from equipoise.cluster.telling import told_plainly
from equipoise.numeric.arrays import Array
from equipoise.risk.screening import Kind
from equipoise.risk.segments import Cells
from equipoise.risk.training import MANY_VALUES, Counted, usable

if TYPE_CHECKING:
    import pyarrow as pa

_AT_A_TIME = 64
_SCHEMA = "feature int, part int, present long, missing long, many boolean, counts binary"


@dataclass(frozen=True, slots=True)
class Distinct:
    """What is in a column, and its values (value, good, bad), empty where they are too many."""

    kind: Kind
    values: pl.DataFrame

    def counted(self, special: Sequence[float]) -> Counted:
        """The values without special codes, those that are not finite and those of weight 0."""
        used = self.values.filter((pl.col("good") + pl.col("bad")) > 0)
        if self.kind.dtype == pl.String:
            values: Array = np.array(used["value"].to_list(), dtype=object)
        else:
            used = used.filter(pl.Series(usable(used["value"].to_numpy(), special)))
            values = used["value"].to_numpy()
        cells = Cells(used["good"].to_numpy(), used["bad"].to_numpy())
        return Counted(values, cells, float((cells.goods + cells.bads).sum()))


@dataclass(frozen=True, slots=True)
class _Running:
    """One feature's count so far."""

    present: int
    missing: int
    many: bool
    values: pl.DataFrame

    def with_more(self, other: _Running) -> _Running:
        present, missing = self.present + other.present, self.missing + other.missing
        if self.many or other.many:
            return _Running(present, missing, True, self.values.clear())
        values = _merged(pl.concat([self.values, other.values]))
        return _limited(present, missing, values)


def _limited(present: int, missing: int, values: pl.DataFrame) -> _Running:
    # a text's values are all counted: whether it is an identifier hangs on how many there are
    many = values.height > MANY_VALUES and values["value"].dtype != pl.String
    return _Running(present, missing, many, values.clear() if many else values)


def _merged(values: pl.DataFrame) -> pl.DataFrame:
    """One line for each value, values rising, sums in the lines' order."""
    distinct, codes = _coded(values["value"])
    sums = {
        # of no rows at all, numpy counts whole numbers
        side: np.bincount(codes, weights=values[side].to_numpy(), minlength=distinct.len()).astype(
            np.float64
        )
        for side in ("good", "bad")
    }
    return pl.DataFrame({"value": distinct, **sums})


def _coded(column: pl.Series) -> tuple[pl.Series, Array]:
    if column.dtype == pl.String:
        names = column.unique().sort()
        return names, column.cast(pl.Enum(names)).to_physical().to_numpy()
    values, codes = np.unique(column.to_numpy(), return_inverse=True)
    return pl.Series("value", values, dtype=pl.Float64), codes


def distinct_values(blocks: Blocks, roles: Roles, names: Sequence[str]) -> Mapping[str, Distinct]:
    """The distinct values of each column over the rows that have a role."""
    frame = blocks.across("features", _counted, _SCHEMA, (roles, list(names)))
    parts = frame.rdd.getNumPartitions() if hasattr(frame, "rdd") else _AT_A_TIME + 1
    if parts > _AT_A_TIME:
        some = frame.selectExpr("*", f"part div {_AT_A_TIME} as some")
        frame = some.groupBy("feature", "some").applyInArrow(_joined, _SCHEMA)
    joined = frame.groupBy("feature").applyInArrow(_joined, _SCHEMA)
    with told_plainly("counting values"), one_each(blocks.session):
        rows = {row["feature"]: row for row in joined.collect()}
    return {name: _distinct(rows[at]) for at, name in enumerate(names)}


def _distinct(row: Any) -> Distinct:
    values = from_ipc(bytes(row["counts"]))
    different = MANY_VALUES + 1 if row["many"] else values.height
    kind = Kind(values["value"].dtype, row["present"], different, bool(row["missing"]))
    return Distinct(kind, values)


def _counted(
    blocks: Iterator[Block], sent: tuple[Roles, Sequence[str]]
) -> Iterator[pa.RecordBatch]:
    from pyspark import TaskContext

    roles, names = sent
    running: dict[str, _Running] = {}
    for block in blocks:
        used, flags, weights = roles.of(block)
        sides = {"good": weights * ~flags, "bad": weights * flags}
        frame = block.frame(names)
        for name in names:
            more = _of_column(frame[name][used], sides)
            running[name] = running[name].with_more(more) if name in running else more
    task = TaskContext.get()
    part = 0 if task is None else task.partitionId()
    for at, name in enumerate(names):
        if name in running:
            yield _line(at, part, running[name])


def _of_column(column: pl.Series, sides: Mapping[str, Array]) -> _Running:
    present = column.is_not_null().to_numpy()
    values = pl.DataFrame(
        {
            "value": column.filter(pl.Series(present)),
            **{side: each[present] for side, each in sides.items()},
        }
    )
    count = int(present.sum())
    return _limited(count, column.len() - count, _merged(values))


def _line(feature: int, part: int, each: _Running) -> pa.RecordBatch:
    import pyarrow

    return pyarrow.RecordBatch.from_pydict(
        {
            "feature": pyarrow.array([feature], pyarrow.int32()),
            "part": pyarrow.array([part], pyarrow.int32()),
            "present": pyarrow.array([each.present], pyarrow.int64()),
            "missing": pyarrow.array([each.missing], pyarrow.int64()),
            "many": pyarrow.array([each.many], pyarrow.bool_()),
            "counts": pyarrow.array([as_ipc(each.values)], pyarrow.binary()),
        }
    )


def _joined(table: pa.Table) -> pa.Table:
    import pyarrow

    rows = sorted(table.to_pylist(), key=lambda row: int(row["part"]))
    each = [
        _Running(row["present"], row["missing"], row["many"], from_ipc(row["counts"]))
        for row in rows
    ]
    total = each[0]
    for more in each[1:]:
        total = total.with_more(more)
    return pyarrow.Table.from_batches([_line(rows[0]["feature"], rows[0]["part"], total)])
