"""Reading and checking a million applications, beside Polars and DuckDB doing the bare work."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from benchmarks.table import Result, median_seconds
from equipoise.contract import Contract, check, draft, read_frame


def _applications(rows: int) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    columns: dict[str, object] = {"id": np.arange(rows)}
    columns |= {f"x{i}": rng.normal(size=rows).round(4) for i in range(20)}
    columns |= {f"s{i}": rng.choice(["a", "b", "c"], rows) for i in range(7)}
    columns |= {"applied": ["2018-05-01"] * rows, "y": rng.integers(0, 2, rows)}
    return pl.DataFrame(columns).select(pl.all().cast(pl.String))


def _violations(contract: Contract, text: pl.DataFrame) -> int:
    """DuckDB counting rows outside their types and ranges, naming none of them."""
    tests = []
    for field in contract.fields:
        if field.range and field.type in ("number", "integer"):
            low, high = field.range
            number = f"TRY_CAST({field.column} AS DOUBLE)"
            tests.append(f"{number} IS NULL OR {number} NOT BETWEEN {low} AND {high}")
        elif field.values and field.type == "string":
            listed = ", ".join(f"'{value}'" for value in field.values)
            tests.append(f"{field.column} NOT IN ({listed})")
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        database.register("applications", text.to_arrow())
        query = f"SELECT count(*) FROM applications WHERE {' OR '.join(tests)}"
        return int(database.sql(query).fetchall()[0][0])


def run(short: bool = False) -> list[Result]:
    """Seconds to read a CSV file and to check its text against a drafted contract."""
    rows = 50_000 if short else 1_000_000
    runs = 1 if short else 3
    text = _applications(rows)
    contract = draft(text.head(20_000), "y").contract
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "applications.csv"
        text.write_csv(path)
        read = median_seconds(lambda: read_frame(path), runs)
        bare = median_seconds(lambda: pl.read_csv(path, infer_schema=False), runs)
    checked = median_seconds(lambda: check(contract, text), runs)
    counted = median_seconds(lambda: _violations(contract, text), runs)
    size = f"{rows:,} x {text.width}"
    return [
        Result(
            f"read CSV, {size}",
            read,
            "s",
            bare,
            "polars",
            note="ours also proves it UTF-8 and regular",
        ),
        Result(
            f"check text, {size}",
            checked,
            "s",
            counted,
            "duckdb",
            bar="a few seconds",
            met=None if short else checked < 5,
            note="the peer counts, ours casts and names every refusal",
        ),
    ]
