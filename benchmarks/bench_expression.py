"""Twenty rules: one record in Python beside a one-row frame; a frame in polars beside DuckDB."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import polars as pl

from benchmarks.table import Result, median_seconds
from equipoise.expression import compile, compile_many  # noqa: A004

TYPES = {
    **{f"x{i}": "number" for i in range(10)},
    "region": "string",
    "grade": "string",
    "is_late": "boolean",
    "loans": "integer",
}
RULES = [
    "x0 > 450 AND x1 < 50",
    "x2 / x3 > 4",
    "region IN ('N1', 'N2') AND x4 < 600",
    "x5 IS NULL OR x5 > 3",
    "loans >= 3 AND NOT is_late",
    "CASE WHEN grade = 'A' THEN x6 ELSE x7 END > 300",
    "x8 BETWEEN 18 AND 75",
    "COALESCE(x9, 0) > 2",
    "x0 + x1 > x2",
    "(x3 - x4) / x5 > 0.1",
    "grade IN ('F', 'G')",
    "is_late AND x6 > 1",
    "x7 < 10 OR x8 > 100",
    "loans = 0",
    "x9 * 12 > x2",
    "ABS(x1 - x0) > 200",
    "region = 'N9'",
    "x4 IS NOT NULL AND x4 < 550",
    "LEAST(x5, x6) > 3",
    "NULLIF(x7, 0) < 200",
]


def _frame(rows: int) -> pl.DataFrame:
    rng = np.random.default_rng(7)
    numbers = {
        f"x{i}": pl.Series(rng.uniform(0, 1000, rows)).set(pl.Series(rng.random(rows) < 0.03), None)
        for i in range(10)
    }
    return pl.DataFrame(
        {
            **numbers,
            "region": rng.choice(["N1", "N2", "N5", "N9"], rows),
            "grade": rng.choice(list("ABCDEFG"), rows),
            "is_late": rng.random(rows) < 0.3,
            "loans": rng.integers(0, 6, rows),
        }
    )


def _median_microseconds(work: Callable[[dict[str, Any]], object], records: list[Any]) -> float:
    times = []
    for record in records:
        start = time.perf_counter_ns()
        work(record)
        times.append(time.perf_counter_ns() - start)
    return statistics.median(times) / 1000


def run(short: bool = False) -> list[Result]:
    """Medians of both shapes of work; `short` takes a tenth of the rows."""
    rows = 100_000 if short else 1_000_000
    frame = _frame(rows)
    rules = {f"rule_{i}": compile(text, TYPES) for i, text in enumerate(RULES)}
    return [_one_record(frame, rules, short), _one_frame(frame, rules, rows), _compiling()]


def _one_record(frame: pl.DataFrame, rules: dict[str, Any], short: bool) -> Result:
    records = frame.sample(1_000 if short else 10_000, seed=7).to_dicts()
    columns = [rule.polars().alias(name) for name, rule in rules.items()]
    ours = _median_microseconds(compile_many(rules), records)
    peer = _median_microseconds(
        lambda record: pl.DataFrame([record], schema=frame.schema).select(columns), records[:200]
    )
    note = "the peer is the same rules on a one-row frame"
    return Result("expressions: 20 rules, one record", ours, "us", peer, "polars", note=note)


def _one_frame(frame: pl.DataFrame, rules: dict[str, Any], rows: int) -> Result:
    columns = [rule.polars().alias(name) for name, rule in rules.items()]
    selected = ", ".join(f"{rule.sql('duckdb')} AS {name}" for name, rule in rules.items())
    connection = duckdb.connect()
    connection.register("applicants", frame.to_arrow())
    ours = median_seconds(lambda: frame.lazy().select(columns).collect(), 3)
    peer = median_seconds(
        lambda: connection.sql(f"SELECT {selected} FROM applicants").to_arrow_table(), 3
    )
    return Result(f"expressions: 20 rules, {rows:,} rows", ours, "s", peer, "DuckDB, our SQL")


def _compiling() -> Result:
    seconds = median_seconds(lambda: [compile(text, TYPES) for text in RULES], 5)
    return Result("expressions: compile one rule", seconds / len(RULES) * 1e3, "ms")


if __name__ == "__main__":
    for result in run():
        print(result)
