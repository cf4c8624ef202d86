"""Deciding on Spark beside the local engine: no answer that differs, and how many a second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from benchmarks.scale import Run, seconds_of
from benchmarks.strategies import prepare
from benchmarks.table import Result
from equipoise.cluster import decide_on, simulate_to
from equipoise.cluster.deciding import Way
from equipoise.strategy.engine import Strategy, load_strategy
from equipoise.workspace.folder import Workspace
from equipoise.workspace.strategies import STRATEGY, seal_workspace

SEED = 11
ROWS, SHORT_ROWS = 1_000_000, 50_000
PIECE = 200_000  # rows that the local engine decides at once, as its command does
KINDS = {
    "scorecard": {},
    "boosted trees": {"model": "boosted"},
    "step by step": {"asking": {"way": "step_by_step"}},
}
AS_QUERY = ("scorecard",)  # the kinds that can be one


@dataclass(frozen=True, slots=True)
class Beside:
    """What both engines took for the same rows, and in how many of these they differ."""

    spark: float
    local: float
    different: int


def rows(run: Run) -> list[Result]:
    """Each kind of strategy by both engines over the same file."""
    ground = prepare(run.folder / "workspace", 5_000 if run.short else 20_000)
    size = SHORT_ROWS if run.short else ROWS
    path = applications_file(run, ground.strategy, size)
    return [
        row
        for kind, changes in KINDS.items()
        for row in _by_both(run, kind, _sealed(ground.workspace, changes), path, size)
    ]


def _by_both(run: Run, kind: str, strategy: Strategy, path: Path, size: int) -> Iterator[Result]:
    """Each way that the strategy can go, beside the local engine."""
    ways: tuple[Way, ...] = ("batches", "query") if kind in AS_QUERY else ("batches",)
    for way in ways:
        if way == "query" and size > SHORT_ROWS:  # a million rows would take it hours
            path, size = _first(run, path), SHORT_ROWS
        beside = _beside(run, strategy, path, way)
        how = "as a query" if way == "query" else "in batches"
        yield Result(
            run.name(f"answers that differ, {kind} {how}, {size:,}"),
            beside.different,
            "",
            bar="0",
            met=beside.different == 0,
        )
        judged = way == "batches" and not run.short
        yield Result(
            run.name(f"decide {how}, {kind}, {size:,}"),
            beside.spark,
            "s",
            beside.local,
            "local engine",
            bar="0.7 of its rate" if way == "batches" else "",
            met=beside.local / beside.spark >= 0.7 if judged else None,
            note=f"{size / beside.spark:,.0f} a second",
        )


def _sealed(workspace: Workspace, changes: dict[str, Any]) -> Strategy:
    """The workspace's strategy with parts of its document changed, and put back."""
    path = workspace.folder / STRATEGY
    before = path.read_text(encoding="utf-8")
    document = {**yaml.safe_load(before), **changes}
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), "utf-8")
    try:
        return load_strategy(seal_workspace(workspace)[1])
    finally:
        path.write_text(before, encoding="utf-8")


def applications_file(run: Run, strategy: Strategy, size: int) -> Path:
    """One file of the fields that the contract knows."""
    folder = run.folder / "lender"
    simulate_to(run.session, str(folder), size, SEED, only=("applications",))
    frame = pl.read_parquet(folder / "applications.parquet" / "*.parquet")
    names = [each.name for each in strategy.content.contract.fields if each.name in frame.columns]
    path = run.folder / "applications.parquet"
    # so many row groups that every processor has work
    frame.select(names).write_parquet(path, row_group_size=50_000)
    return path


def _first(run: Run, path: Path) -> Path:
    few = run.folder / "few.parquet"
    pl.scan_parquet(path).head(SHORT_ROWS).sink_parquet(few)
    return few


def _beside(run: Run, strategy: Strategy, path: Path, way: Way) -> Beside:
    given = run.session.read.parquet(str(path))
    answers = decide_on(given, strategy, way=way)
    output = run.folder / "answers"

    def on_spark() -> None:
        answers.write.mode("overwrite").parquet(str(output))

    def here() -> pl.DataFrame:
        frame = pl.read_parquet(path)
        parts = (frame[at : at + PIECE] for at in range(0, frame.height, PIECE))
        whole = pl.concat([strategy.decide_frame(each) for each in parts])
        whole.write_parquet(run.folder / "local.parquet")
        return whole

    runs = 1 if run.short else 3
    spark, local = seconds_of(on_spark, runs), seconds_of(here, runs)
    return Beside(spark, local, _different(pl.read_parquet(output / "*.parquet"), here()))


def _different(spark: pl.DataFrame, local: pl.DataFrame) -> int:
    """Rows that are not the same to the bit, null and NaN told apart."""
    if spark.schema != local.schema or spark.height != local.height:
        return max(spark.height, local.height)
    one, other = spark.sort("id"), local.sort("id")
    wrong = pl.Series([False]).new_from_index(0, one.height)
    for name in local.columns:
        if not one[name].equals(other[name], null_equal=True):
            wrong |= one[name].ne_missing(other[name])
    return int(wrong.sum())
