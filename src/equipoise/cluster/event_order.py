"""What hangs on the order of points, quantiles and curves, found where the points lie in order.

The points are sorted over all workers, so that each holds a stretch of every table. A first count
says how many lie before it; then a worker gives the points that stand at the asked places, and what
each day of its stretch does to those who enter it. No worker holds more than a batch.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from equipoise.cluster.arrow_batches import frames, partition
from equipoise.cluster.telling import telling
from equipoise.experience import points as pt
from equipoise.experience.segments import Stretch, stretch_of
from equipoise.experience.tables import MOST_DAYS

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

Group = tuple[str, str]  # table and key
_SHARES = (0.5, 0.9)
_ROWS = 200_000
_SCHEMA = "`table` string, key string, part int, place long, value long, stretch array<double>"


@dataclass(frozen=True, slots=True)
class Ordered:
    """By table and key: median and 90th percentile; what each day does to those who enter it."""

    spread: Mapping[Group, tuple[float, float]]
    stretches: Mapping[Group, Mapping[int, Stretch]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of a partition of one group: how many lie before it, how many in all, and
    which places, from the group's first, are wanted."""

    before: int
    of: int
    places: tuple[int, ...]


@dataclass(slots=True)
class _Curve:
    """A group's curve as far as it was met, and its last time, whose ties may go on."""

    causes: int
    at_risk: int
    days: dict[int, Stretch] = field(default_factory=dict)
    held: pl.DataFrame | None = None

    def meet(self, times: pl.DataFrame) -> None:
        """The next times: value, n, and e1.. by cause, rising."""
        whole = times if self.held is None else _joined(self.held, times)
        self._pass(whole[:-1])
        self.held = whole[-1:]

    def end(self) -> None:
        """No more times come."""
        if self.held is not None:
            self._pass(self.held)

    def _pass(self, times: pl.DataFrame) -> None:
        for day, part in times.group_by(_day_of("value"), maintain_order=True):
            gone = part["n"].to_numpy()
            ends = np.array([part[f"e{k + 1}"].to_numpy() for k in range(self.causes)])
            stretch = stretch_of(ends, gone, self.at_risk)
            self.at_risk -= int(gone.sum())
            at = int(day[0])
            self.days[at] = self.days[at].then(stretch) if at in self.days else stretch


def ordered_on(points: DataFrame, counts: Mapping[Group, int], rows: int = _ROWS) -> Ordered:
    """Quantiles and curves of the groups of `counts`, which says how many points each has.

    A worker looks at some `rows` points together, and at no fewer in all where Spark may choose.
    """
    if not counts:
        return Ordered({}, {})
    from pyspark import StorageLevel

    session = points.sparkSession
    asked_for = session.createDataFrame(
        [(table, key) for table, key in counts], "`table` string, key string"
    )
    most = int(session.conf.get("spark.sql.shuffle.partitions"))
    parts = min(most, 1 + sum(counts.values()) // rows)
    in_order = (
        points.select("table", "key", "cause", "value")
        .join(asked_for.hint("broadcast"), ["table", "key"])
        .repartitionByRange(parts, "table", "key", "value")
        .sortWithinPartitions("table", "key", "value")
        .persist(StorageLevel.DISK_ONLY)
    )
    try:
        held = in_order.selectExpr("table", "key", "spark_partition_id() AS part")
        asked = _asked(held.groupBy("table", "key", "part").count().collect(), counts)
        answered = in_order.mapInArrow(_answering(asked, rows), _SCHEMA).collect()
    finally:
        in_order.unpersist()
    return Ordered(_spread(answered, counts), _stretches(answered))


def _asked(rows: Any, counts: Mapping[Group, int]) -> dict[int, dict[Group, _Asked]]:
    by_group: dict[Group, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        by_group[row["table"], row["key"]].append((row["part"], row["count"]))
    asked: dict[int, dict[Group, _Asked]] = defaultdict(dict)
    for group, parts in by_group.items():
        of, before = counts[group], 0
        wanted = _places(of) if group[0] in pt.SPREAD else ()
        for part, n in sorted(parts):
            mine = tuple(place for place in wanted if before <= place < before + n)
            asked[part][group] = _Asked(before, of, mine)
            before += n
    return dict(asked)


def _places(of: int) -> tuple[int, ...]:
    places = ((of - 1) * share for share in _SHARES)
    return tuple(sorted({at for place in places for at in (math.floor(place), math.ceil(place))}))


def _answering(asked: dict[int, dict[Group, _Asked]], rows: int) -> Any:
    @telling
    def answer(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        part = partition()
        mine, met = asked.get(part, {}), defaultdict[Group, int](int)
        curves: dict[Group, _Curve] = {}
        for frame, _ in frames(batches, rows):
            for key, some in frame.group_by("table", "key", maintain_order=True):
                group: Group = (str(key[0]), str(key[1]))
                order = mine[group]
                first = order.before + met[group]
                met[group] += some.height
                wanted = [at for at in order.places if first <= at < first + some.height]
                if wanted:
                    values = some["value"].gather([at - first for at in wanted])
                    yield _answers(group, part, wanted, values.to_list(), None)
                if group[0] in pt.CURVES:
                    causes = pt.CURVES[group[0]]
                    curve = curves.setdefault(group, _Curve(causes, order.of - order.before))
                    curve.meet(_times(some, causes))
        for group, curve in curves.items():
            curve.end()
            for day, stretch in curve.days.items():
                yield _answers(group, part, [day], [None], _flat(stretch))

    return answer


def _times(rows: pl.DataFrame, causes: int) -> pl.DataFrame:
    """The different times of some points in order, with how many ended at each by cause."""
    counted = {f"e{k}": (pl.col("cause") == k).sum() for k in range(1, causes + 1)}
    counted = {"n": pl.len(), **counted}
    return rows.group_by("value", maintain_order=True).agg(
        each.cast(pl.Int64).alias(name) for name, each in counted.items()
    )


def _joined(held: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    whole = pl.concat([held, times])
    return whole.group_by("value", maintain_order=True).agg(pl.all().sum())


def _day_of(value: str) -> pl.Expr:
    """The day that holds a time at its end: the first is of those that took no time."""
    return ((pl.col(value) + (pt.DAY - 1)) // pt.DAY).clip(0, MOST_DAYS + 1)


def _answers(
    group: Group, part: int, places: list[int], values: list[Any], stretch: list[float] | None
) -> pa.RecordBatch:
    import pyarrow as pa

    many = len(places)
    return pa.RecordBatch.from_pydict(
        {
            "table": pa.array([group[0]] * many, pa.string()),
            "key": pa.array([group[1]] * many, pa.string()),
            "part": pa.array([part] * many, pa.int32()),
            "place": pa.array(places, pa.int64()),
            "value": pa.array(values, pa.int64()),
            "stretch": pa.array([stretch] * many, pa.list_(pa.float64())),
        }
    )


def _flat(stretch: Stretch) -> list[float]:
    parts = (stretch.incidence, stretch.first, stretch.second)
    return [stretch.survival, stretch.spread, *(float(x) for part in parts for x in part)]


def _stretch(flat: list[float]) -> Stretch:
    incidence, first, second = np.array(flat[2:]).reshape(3, -1)
    return Stretch(flat[0], incidence, flat[1], first, second)


def _spread(rows: Any, counts: Mapping[Group, int]) -> dict[Group, tuple[float, float]]:
    values: dict[Group, dict[int, int]] = defaultdict(dict)
    for row in rows:
        if row["stretch"] is None:
            values[row["table"], row["key"]][row["place"]] = row["value"]
    spread = {}
    for group, at in values.items():
        middle, tenth = (_between(at, (counts[group] - 1) * share) for share in _SHARES)
        spread[group] = (middle, tenth)
    return spread


def _between(at: Mapping[int, int], place: float) -> float:
    low, high = at[math.floor(place)], at[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def _stretches(rows: Any) -> dict[Group, dict[int, Stretch]]:
    days: dict[Group, dict[int, Stretch]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row["part"]):
        if row["stretch"] is not None:
            mine, stretch = days[row["table"], row["key"]], _stretch(row["stretch"])
            at = row["place"]
            mine[at] = mine[at].then(stretch) if at in mine else stretch
    return days
