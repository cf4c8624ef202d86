"""Deciding as a query inside Catalyst, beside the same rules in plain SQL and zen-engine in a UDF.

Nothing is written, so that the ways to decide are held beside one another alone. zen-engine decides
the 20 rules only, at one PD for everybody: less than the others do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from benchmarks.bench_strategy import first_by_zen
from benchmarks.plain_sql import plain_query
from benchmarks.scale import Run, seconds_of
from benchmarks.scale_deciding import applications_file
from benchmarks.strategies import FIELDS, prepare
from benchmarks.table import Result
from equipoise.cluster import decide_on
from equipoise.strategy.engine import Strategy

ROWS, TIMES, SHORT_ROWS = 1_000_000, 10, 20_000
ZEN_ROWS, SHORT_ZEN_ROWS = 100_000, 2_000
PD = 0.1
COMPARED = ("outcome", "treatment", "reason")


def rows(run: Run) -> list[Result]:
    """The query over the same file ten times, beside its peers."""
    ground = prepare(run.folder / "workspace", 5_000 if run.short else 20_000)
    size, times = (SHORT_ROWS, 1) if run.short else (ROWS, TIMES)
    path = str(applications_file(run, ground.strategy, size))
    different = _different(run, ground.strategy, path)
    given = run.session.read.parquet(*[path] * times)
    given.createOrReplaceTempView("applications")
    runs = 1
    query = _seconds(decide_on(given, ground.strategy, way="query"), runs)
    plain = _seconds(run.session.sql(plain_query(ground.strategy, "applications")), runs)
    few = SHORT_ZEN_ROWS if run.short else ZEN_ROWS
    zen = _seconds(_by_zen(run.session.read.parquet(path).limit(few)), runs) / few
    return list(_told(run, size * times, (query, plain, zen * size * times), different))


def _told(
    run: Run, size: int, seconds: tuple[float, float, float], different: int
) -> Iterator[Result]:
    query, plain, zen = seconds
    name = run.name(f"decide as a query, {size:,}")
    yield Result(
        run.name("answers that differ, query and plain SQL"),
        different,
        "",
        bar="0",
        met=not different,
    )
    yield Result(
        name, query, "s", plain, "plain SQL", "0.5 of its rate", plain / query >= 0.5,
        note=f"{size / query:,.0f} a second",
    )  # fmt: skip
    yield Result(
        name, query, "s", zen, "zen-engine in a UDF, 20 rules alone", "10 times faster",
        zen / query >= 10, note="zen-engine's time from fewer rows",
    )  # fmt: skip


def _seconds(answers: Any, runs: int) -> float:
    return seconds_of(lambda: answers.write.format("noop").mode("overwrite").save(), runs)


def _different(run: Run, strategy: Strategy, path: str) -> int:
    """Rows in which plain SQL and the query differ by outcome, treatment or first reason."""
    given = run.session.read.parquet(path)
    given.createOrReplaceTempView("applications")
    ours = decide_on(given, strategy, way="query").selectExpr(
        "id", "outcome", "treatment", "reasons"
    )
    ours.write.parquet(str(run.folder / "ours"))
    run.session.sql(plain_query(strategy, "applications")).write.parquet(str(run.folder / "plain"))
    one = pl.read_parquet(run.folder / "ours" / "*.parquet").sort("id")
    other = pl.read_parquet(run.folder / "plain" / "*.parquet").sort("id")
    # plain SQL has no model's reasons: where it has none, the query's come from the model
    first = one["reasons"].list.first()
    one = one.with_columns(
        reason=pl.when(other["reason"].is_not_null()).then(first).otherwise(None)
    )
    return sum(int(one[name].ne_missing(other[name]).sum()) for name in COMPARED)


def _by_zen(given: Any) -> Any:
    """The first of the 20 rules that holds, row by row in a UDF over Arrow batches."""
    from pyspark.sql import functions as fn

    derived = given.withColumns(
        {
            "pd": fn.lit(PD),
            "thin": fn.expr("bureau_score IS NULL"),
            "amount_to_yearly_income": fn.expr("amount_asked / (12 * monthly_income)"),
        }
    )

    def decide(batches: Any) -> Any:
        import pyarrow as pa

        first = first_by_zen()
        for batch in batches:
            names = [first(record) for record in batch.to_pylist()]
            yield pa.RecordBatch.from_arrays([pa.array(names, pa.string())], ["rule"])

    return derived.select(*FIELDS).mapInArrow(decide, "rule string")
