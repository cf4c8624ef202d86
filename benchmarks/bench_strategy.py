"""Deciding by a sealed strategy: one application, ten million, its rules, its checks, its seal."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from benchmarks.strategies import FIELDS, RULES, Ground, prepare, with_rules
from benchmarks.table import Result, median_seconds
from equipoise.expression import compile_many
from equipoise.simulation import simulate
from equipoise.strategy.engine import Strategy, load_strategy
from equipoise.workspace.strategies import STRATEGY, check_workspace_strategy, seal_workspace

_GIB = 2**30


def run(short: bool = False) -> list[Result]:
    """Every figure on one strategy: 20 rules, a scorecard, 20 treatments, `balance`."""
    with tempfile.TemporaryDirectory() as name:
        ground = prepare(Path(name) / "lender", 5_000 if short else 20_000)
        return [
            *_one(ground.strategy, ground.applications, short),
            _boosted(ground, short),
            _rules(ground, short),
            _many(ground, Path(name), short),
            _seal(ground),
            _check(ground),
        ]


def _one(strategy: Strategy, applications: pl.DataFrame, short: bool) -> list[Result]:
    records = list(strategy.records(applications.head(500 if short else 5_000)))
    for record in records[:200]:
        strategy.decide(record)
    took = np.array([_microseconds(strategy.decide, each) for each in records])
    p50, p99 = np.percentile(took, [50, 99])
    compiled = strategy.compiled
    note = f"{len(compiled.document.rules)} rules, {len(compiled.program.menu)} treatments"
    return [
        Result("decide one, p50", p50, "us", bar="< 60 us", met=p50 < 60, note=note),
        Result("decide one, p99", p99, "us", bar="< 400 us", met=p99 < 400),
    ]


def _boosted(ground: Ground, short: bool) -> Result:
    """The same strategy with LightGBM's trees for the scorecard."""
    path = ground.workspace.folder / STRATEGY
    before = path.read_text(encoding="utf-8")
    document = {**yaml.safe_load(before), "model": "boosted"}
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), "utf-8")
    try:
        _, sealed = seal_workspace(ground.workspace)
    finally:
        path.write_text(before, encoding="utf-8")
    p50, p99 = _one(load_strategy(sealed), ground.applications, short)
    note = f"p99 {p99.ours:.0f} us"
    return Result(
        "with LightGBM, p50", p50.ours, "us", bar="< 150 us", met=p50.ours < 150, note=note
    )


def _microseconds(work: Callable[[Any], object], given: Any) -> float:
    begun = time.perf_counter()
    work(given)
    return (time.perf_counter() - begun) * 1e6


def _rules(ground: Ground, short: bool) -> Result:
    """The same 20 conditions over the same records, first match, as zen-engine decides them."""
    compiled = ground.strategy.compiled
    rules = compile_many(compiled.program.rules)
    records = [_facts(ground.strategy, each) for each in _records(ground, 200 if short else 2_000)]
    plain = [{name: each[name] for name in FIELDS} for each in records]
    zen = first_by_zen()

    def first(record: Mapping[str, Any]) -> str | None:
        return next((name for name, held in rules(record).items() if held is True), None)

    for record, theirs in zip(records, plain, strict=True):
        said = zen(theirs)
        if first(record) != said:
            raise RuntimeError(f"the peer decides otherwise: {first(record)} and {said}")
    ours = np.median([_microseconds(first, each) for each in records])
    peer = np.median([_microseconds(zen, each) for each in plain])
    ratio = float(peer / ours)
    return Result(
        "20 rules, one record",
        float(ours),
        "us",
        float(peer),
        "zen-engine",
        "3 times faster",
        ratio >= 3,
    )


def _records(ground: Ground, count: int) -> list[Mapping[str, Any]]:
    return list(ground.strategy.records(ground.applications.head(count)))


def _facts(strategy: Strategy, record: Mapping[str, Any]) -> dict[str, Any]:
    """What the rules read: the application, its features and its PD."""
    trace = strategy.decide(record).trace
    read = {**trace.used, **trace.features, "pd": trace.pd}
    return {**read, "its pd": trace.pd}  # a compiled rule reads the model's under its own name


def first_by_zen() -> Callable[[Mapping[str, Any]], str | None]:
    """The 20 rules as zen-engine decides them: the first that holds for a record, if any."""
    import zen

    missing = ("bureau_score", "months_since_delinquency", "months_employed", "utilisation")
    rows = []
    for at, text in enumerate(RULES):
        said = text.replace(" AND ", " and ").replace(" = ", " == ")
        guards = [f"{name} != null and " for name in missing if name in said]
        rows.append({"_id": f"r{at}", "i": "".join(guards) + said, "o": f'"rule_{at}"'})
    table = {
        "id": "t",
        "name": "rules",
        "type": "decisionTableNode",
        "content": {
            "hitPolicy": "first",
            "inputs": [{"id": "i", "name": "when", "type": "expression"}],
            "outputs": [{"id": "o", "name": "rule", "field": "rule", "type": "expression"}],
            "rules": rows,
        },
    }
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            table,
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "t", "type": "edge"},
            {"id": "b", "sourceId": "t", "targetId": "out", "type": "edge"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    return lambda record: decision.evaluate(record)["result"].get("rule")


def _many(ground: Ground, folder: Path, short: bool) -> Result:
    """The command itself, Parquet to Parquet, with one trace in 100,000."""
    rows = 200_000 if short else 10_000_000
    source, output = folder / "applications.parquet", folder / "decisions.parquet"
    _applications(ground, source, rows)
    command = [
        sys.executable, "-m", "equipoise", "decide", str(ground.sealed), str(source),
        "--output", str(output), "--traces", str(folder / "traces.jsonl"),
        "--trace-share", "0.00001", "--json",
    ]  # fmt: skip
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / _GIB
    decided = pq.ParquetFile(output).metadata.num_rows
    if decided != rows:
        raise RuntimeError(f"{decided:,} of {rows:,} were decided")
    return Result(
        f"decide {rows:,}, Parquet to Parquet",
        seconds,
        "s",
        bar="60 s, 4 GiB",
        met=None if short else seconds <= 60 and memory < 4,
        note=f"{memory:.2f} GiB, {rows / seconds:,.0f} per second, {os.cpu_count()} cores",
    )


def _applications(ground: Ground, path: Path, rows: int) -> None:
    """A file of synthetic applications: one million different ones, again under other ids."""
    size = min(rows, 1_000_000)
    names = [each.name for each in ground.strategy.content.contract.fields]
    people = simulate(size, 11).applications()
    frame = people.select(name for name in names if name in people.columns)
    writer: pq.ParquetWriter | None = None
    for copy in range(rows // size):
        ids = pl.int_range(copy * size, (copy + 1) * size, eager=True)
        named = frame.with_columns(application_id=pl.lit("A") + ids.cast(pl.String))
        table: pa.Table = named.to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=250_000)
    if writer is not None:
        writer.close()


def _seal(ground: Ground) -> Result:
    """Sealed again by other processes, under other hash seeds."""
    code = (
        "import sys; from pathlib import Path; from equipoise.workspace.folder import Workspace;"
        "from equipoise.workspace.strategies import seal_workspace;"
        "print(seal_workspace(Workspace.open(Path(sys.argv[1])))[0].digest)"
    )
    by_name = {
        subprocess.run(
            [sys.executable, "-c", code, str(ground.workspace.folder)],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2", "3")
    }
    return Result("seal: digests of three runs", len(by_name), "", bar="1", met=len(by_name) == 1)


def _check(ground: Ground) -> Result:
    with_rules(ground.workspace, 200)
    seconds = median_seconds(lambda: check_workspace_strategy(ground.workspace), 3)
    return Result("check 200 rules", seconds, "s", bar="2 s", met=seconds <= 2)
