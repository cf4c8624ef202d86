"""Points counted and added up by Spark; the driver gets the sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.cluster.event_order import Ordered, ordered_on
from equipoise.cluster.telling import told_plainly
from equipoise.errors import BadInput
from equipoise.experience import points as pt
from equipoise.experience.cells import Cell, Resource, WholeLog
from equipoise.experience.document import ExperienceDocument
from equipoise.experience.log import (
    Where,
    place_of,
    refuse_unknown,
    require_complete,
    require_events,
)
from equipoise.experience.logistic import LogitSums
from equipoise.experience.segments import Stretch
from equipoise.experience.tables import RESOURCES
from equipoise.numeric.arrays import FloatArray

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

MOST_ACTIVITIES = 100_000
# microseconds of a hundred million waits, added up, are more than a long holds
_WHOLE = "CAST(value AS DECIMAL(20, 0))"
_BY_RESOURCE = (pt.WORK_OF, pt.SERVED)


def whole_log(
    events: DataFrame, document: ExperienceDocument, where: Where | None = None
) -> WholeLog:
    """Count a log's events, and check them against the document as `prepare` does."""
    assert document.log is not None  # noqa: S101
    place = place_of(document.log, where)
    counted = events.groupBy("activity", "lifecycle").agg(
        *_expressions("count(*) AS n", "min(time) AS first", "max(time) AS last")
    )
    rows = counted.limit(MOST_ACTIVITIES + 1).collect()
    if len(rows) > MOST_ACTIVITIES:
        raise BadInput(
            f"the event log has more than {MOST_ACTIVITIES:,} different activities",
            where=place,
            field="log.columns.activity",
            mend="name the column that says what was done, which few words do",
        )
    require_events(len(rows), place)
    require_complete(sorted({row["lifecycle"] for row in rows}), place)
    refuse_unknown(document, {row["activity"] for row in rows}, where)
    return WholeLog(
        events=sum(row["n"] for row in rows),
        first=min(row["first"] for row in rows),
        last=max(row["last"] for row in rows),
        complete={row["activity"]: row["n"] for row in rows if row["lifecycle"] == "complete"},
    )


class SparkSums:
    """The sums of points that Spark keeps."""

    def __init__(self, log: WholeLog, points: DataFrame) -> None:
        self.log, self._points = log, points
        self._cells = _cells(points)
        named, spent = _most_work(points)
        counts = {
            (table, key): sum(each.n for each in cells)
            for table in (*pt.SPREAD, *pt.CURVES)
            for key, cells in self.cells(table).items()
        }
        counts |= {(pt.WORK_OF, name): row["sessions"] for name, row in spent.items()}
        self._ordered: Ordered = ordered_on(points, counts)
        self._resources = [
            Resource(
                name,
                spent[name]["steps"],
                spent[name]["cases"],
                spent[name]["sessions"],
                int(spent[name]["spent"]),
                self.spread(pt.WORK_OF, name)[0],
            )
            for name in named
        ]

    def cells(self, table: str) -> Mapping[str, Sequence[Cell]]:
        """The cells of a table by key."""
        return self._cells.get(table, {})

    def spread(self, table: str, key: str) -> tuple[float, float]:
        """Median and 90th percentile in microseconds."""
        return self._ordered.spread[table, key]

    def stretches(self, table: str, key: str) -> Mapping[int, Stretch]:
        """By day, what it does to those who enter it."""
        return self._ordered.stretches.get((table, key), {})

    def resources(self) -> Sequence[Resource]:
        """The resources with most work."""
        return self._resources

    def first_backward(self) -> tuple[str, str]:
        """Case and activity of the first step that ends before it starts."""
        wrong = self._points.where(f"`table` = '{pt.ONCE}' AND cause = 1")
        row = wrong.orderBy("who", "key").select("who", "key").first()
        return row["who"], row["key"]

    def squared_waits(self, causes: tuple[int, int]) -> float:
        """The sum of squares of days to the offer over these causes."""
        return float(_Waits(self._answered(causes, 1.0)).gram()[1, 1])

    def waits_to_offer(self, causes: tuple[int, int], scale: float) -> LogitSums:
        """The regression of the first cause, against the second, on days to the offer / scale."""
        return _Waits(self._answered(causes, scale))

    def _answered(self, causes: tuple[int, int], scale: float) -> DataFrame:
        yes, no = causes
        rows = self._points.where(f"`table` = '{pt.OFFER_WAIT}' AND cause IN ({yes}, {no})")
        return rows.selectExpr(
            f"value / {pt.DAY}D / {scale!r}D AS x", f"double(cause = {yes}) AS y"
        )


class _Waits:
    """Sums of the regression of y on ones and x."""

    def __init__(self, rows: DataFrame) -> None:
        self._rows = rows
        self._known: dict[tuple[float, ...], Any] = {}

    def gram(self) -> FloatArray:
        """x'x."""
        n, x, xx = (each or 0 for each in self._sums("count(*)", "sum(x)", "sum(x * x)"))
        return np.array([[n, x], [x, xx]], dtype=np.float64)

    def log_likelihood(self, beta: FloatArray) -> float:
        """The log-likelihood."""
        return float(self._at(beta)[0])

    def gradient(self, beta: FloatArray) -> FloatArray:
        """Its gradient."""
        return np.array(self._at(beta)[1:3])

    def information(self, beta: FloatArray) -> FloatArray:
        """Fisher's information."""
        one, x, xx = self._at(beta)[3:]
        return np.array([[one, x], [x, xx]])

    def _at(self, beta: FloatArray) -> Any:
        """All sums at coefficients: one pass, though they are asked for one by one."""
        key = tuple(float(each) for each in beta)
        if key not in self._known:
            self._known[key] = self._sums(
                "sum(y * u - greatest(u, 0D) - log1p(exp(-abs(u))))",
                "sum(y - p)",
                "sum((y - p) * x)",
                "sum(p * (1 - p))",
                "sum(p * (1 - p) * x)",
                "sum(p * (1 - p) * x * x)",
                rows=self._rows.selectExpr("*", f"{key[0]!r}D + {key[1]!r}D * x AS u").selectExpr(
                    "*",
                    "CASE WHEN u >= 0 THEN 1 / (1 + exp(-u)) ELSE exp(u) / (1 + exp(u)) END AS p",
                ),
            )
        return self._known[key]

    def _sums(self, *sums: str, rows: DataFrame | None = None) -> Any:
        with told_plainly("measuring acceptance"):
            read = self._rows if rows is None else rows
            return tuple(read.agg(*_expressions(*sums)).first())


def _cells(points: DataFrame) -> dict[str, dict[str, list[Cell]]]:
    listed = ", ".join(f"'{name}'" for name in _BY_RESOURCE)
    rows = (
        points.where(f"`table` NOT IN ({listed})")
        .groupBy("table", "key", "cause", "bin")
        .agg(*_expressions("count(*) AS n", f"sum({_WHOLE}) AS total", "max(value) AS most"))
        .orderBy("table", "key", "cause", "bin")
        .collect()
    )
    by_table: dict[str, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        cell = Cell(row["cause"], row["bin"], row["n"], int(row["total"]), row["most"])
        by_table[row["table"]][row["key"]].append(cell)
    return {table: dict(keys) for table, keys in by_table.items()}


def _most_work(points: DataFrame) -> tuple[list[str], dict[str, Any]]:
    """The resources with most work, most first, and what is counted of each."""
    worked, served = (f"`table` = '{name}'" for name in _BY_RESOURCE)
    rows = (
        points.where(f"{worked} OR {served}")
        .groupBy("key")
        .agg(
            *_expressions(
                f"count(DISTINCT CASE WHEN {worked} THEN who END) AS steps",
                f"count_if({served}) AS cases",
                f"count_if({worked}) AS sessions",
                f"sum(CASE WHEN {worked} THEN {_WHOLE} END) AS spent",
            )
        )
        .orderBy(*_descending("spent"), "key")
        .limit(RESOURCES)
        .collect()
    )
    return [row["key"] for row in rows], {row["key"]: row for row in rows}


def _expressions(*texts: str) -> list[Any]:
    from pyspark.sql import functions as fn

    return [fn.expr(text) for text in texts]


def _descending(name: str) -> list[Any]:
    from pyspark.sql import functions as fn

    return [fn.col(name).desc()]
