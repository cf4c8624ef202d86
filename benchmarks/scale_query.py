"""Deciding as a query inside Catalyst, beside the same rules in plain SQL, in batches, and by
zen-engine in a UDF.

Nothing is written, so that the ways to decide are held beside one another alone; each has its turn
in every round, so that the machine's drift falls on all. zen-engine decides the 20 rules only, at
one PD for everybody and over fewer rows: less than the others do.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from benchmarks.__main__ import PEERS
from benchmarks.bench_strategy import first_by_zen
from benchmarks.plain_sql import plain_query
from benchmarks.scale import Run
from benchmarks.scale_deciding import applications_file
from benchmarks.strategies import FIELDS, prepare
from benchmarks.table import Result
from equipoise.cluster import decide_on
from equipoise.strategy.engine import Strategy

ROWS, TIMES, SHORT_ROWS = 1_000_000, 10, 20_000
ZEN_ROWS, SHORT_ZEN_ROWS = 100_000, 2_000
ROUNDS = 3
PD = 0.1
TABLE = "applications"
COMPARED = ("outcome", "treatment", "reason")


def rows(run: Run) -> list[Result]:
    """The query over the same file ten times, beside its peers."""
    ground = prepare(run.folder / "workspace", 5_000 if run.short else 20_000)
    size, times = (SHORT_ROWS, 1) if run.short else (ROWS, TIMES)
    path = str(applications_file(run, ground.strategy, size))
    different = _different(run, ground.strategy, path)
    given = run.session.read.parquet(*[path] * times)
    given.createOrReplaceTempView(TABLE)
    few = SHORT_ZEN_ROWS if run.short else ZEN_ROWS
    ways = {
        "query": decide_on(given, ground.strategy, way="query"),
        "plain SQL": run.session.sql(plain_query(ground.strategy, TABLE)),
        "batches": decide_on(given, ground.strategy),
        "zen-engine": _by_zen(run.session.read.parquet(path).limit(few).repartition(run.cores)),
    }
    seconds = _by_turns(ways, 1 if run.short else ROUNDS)
    seconds["zen-engine"] *= size * times / few
    return list(_told(run, size * times, seconds, different))


def _by_turns(ways: Mapping[str, Any], rounds: int) -> dict[str, float]:
    """Median seconds of each way, after one run of each that is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, answers in ways.items():
            seconds = _seconds(answers.write.format("noop").mode("overwrite").save)
            if turn:
                taken[name].append(seconds)
    return {name: statistics.median(each) for name, each in taken.items()}


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _told(run: Run, size: int, seconds: Mapping[str, float], different: int) -> Iterator[Result]:
    name, query = run.name(f"decide as a query, {size:,}"), seconds["query"]
    plain, zen = seconds["plain SQL"], seconds["zen-engine"]
    yield Result(
        run.name("answers that differ, query and plain SQL"),
        different,
        "",
        bar="0",
        met=not different,
    )
    judged = not run.short  # planning and code are the same for few rows
    yield Result(
        name, query, "s", plain, "plain SQL", "0.5 of its rate",
        plain / query >= 0.5 if judged else None, note=f"{size / query:,.0f} a second",
    )  # fmt: skip
    yield Result(
        name, query, "s", zen, "zen-engine in a UDF, 20 rules alone", "10 times faster",
        zen / query >= 10 if judged else None, note="zen-engine's time from fewer rows",
    )  # fmt: skip
    yield Result(name, query, "s", seconds["batches"], "in batches")


def _different(run: Run, strategy: Strategy, path: str) -> int:
    """Rows in which plain SQL and the query differ by outcome, treatment or first reason."""
    given = run.session.read.parquet(path)
    given.createOrReplaceTempView(TABLE)
    ours = decide_on(given, strategy, way="query").select("id", "outcome", "treatment", "reasons")
    ours.write.parquet(str(run.folder / "ours"))
    run.session.sql(plain_query(strategy, TABLE)).write.parquet(str(run.folder / "plain"))
    one = pl.read_parquet(run.folder / "ours" / "*.parquet").sort("id")
    other = pl.read_parquet(run.folder / "plain" / "*.parquet").sort("id")
    # plain SQL has no model's reasons: where it has none, the query's come from the model
    own = pl.when(other["reason"].is_not_null()).then(one["reasons"].list.first())
    one = one.with_columns(reason=own.otherwise(None))
    wrong = pl.Series([False]).new_from_index(0, one.height)
    for name in COMPARED:
        wrong |= one[name].ne_missing(other[name])
    return int(wrong.sum())


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

        if str(PEERS) not in sys.path:  # of a worker
            sys.path.append(str(PEERS))
        first = first_by_zen()
        for batch in batches:
            names = [first(record) for record in batch.to_pylist()]
            yield pa.RecordBatch.from_arrays([pa.array(names, pa.string())], ["rule"])

    return derived.select(*FIELDS).mapInArrow(decide, "rule string")
