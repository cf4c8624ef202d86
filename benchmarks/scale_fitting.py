"""Fitting a scorecard on Spark beside the local fit: the same bins, the same points, and the time.

The applications are `bench_risk`'s: continuous numbers, whole of different values, and texts.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.bench_risk import _applicants
from benchmarks.scale import Run, driver_megabytes
from benchmarks.table import Result
from equipoise.contract import Contract, check
from equipoise.risk import RiskDocument, fit_risk

ROWS, SHORT_ROWS, COLUMNS = 1_000_000, 20_000, 20
SAME_POINTS = 1e-9
PARTITION_BYTES = 16 << 20


def rows(run: Run) -> list[Result]:
    """Differences of bins and of points, times of both, and the driver's memory."""
    count = SHORT_ROWS if run.short else ROWS
    contract = _written(run.folder / "applications.parquet", count)
    document = RiskDocument.model_validate({"models": [{"kind": "scorecard", "name": "card"}]})
    there, ours = _timed(lambda: _on_spark(run, document, contract))
    here, local = _timed(lambda: _local(run.folder, document, contract))
    bins, points = _differences(ours.models["card"], local.models["card"])
    size = f"{count:,} rows x {COLUMNS}"
    memory = driver_megabytes(run.session)
    return [
        Result(
            run.name(f"characteristics whose bins differ, {size}"),
            bins,
            "",
            bar="0",
            met=bins == 0,
        ),
        Result(
            run.name(f"largest difference of points, {size}"),
            points,
            "points",
            bar=f"< {SAME_POINTS:g}",
            met=points < SAME_POINTS,
        ),
        Result(run.name(f"fit of a scorecard, {size}"), there, "s", here, "local engine"),
        Result(run.name(f"driver after the fit, {size}"), memory, "MB"),
    ]


def _timed(work: Any) -> tuple[float, Any]:
    """Seconds of one run (a fit takes many passes, and evens itself out), and what it gave."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def _local(folder: Path, document: RiskDocument, contract: Contract) -> Any:
    frame = pl.read_parquet(contract.data_path(folder))
    return fit_risk(document, contract, check(contract, frame).frame)


def _on_spark(run: Run, document: RiskDocument, contract: Contract) -> Any:
    from equipoise.cluster import fit_on
    from equipoise.cluster.reading import read_applications

    run.session.conf.set("spark.sql.files.maxPartitionBytes", str(PARTITION_BYTES))
    with read_applications(run.session, run.folder, contract) as applications:
        return fit_on(applications, document, contract)


def _written(path: Path, count: int) -> Contract:
    frame, bad = _applicants(count, COLUMNS)
    days = np.datetime64("2020-01-01") + np.sort(np.random.default_rng(1).integers(0, 720, count))
    whole = frame.with_columns(
        pl.Series("day", days).cast(pl.Date), pl.Series("bad", bad.astype(np.int64))
    )
    whole.write_parquet(path, row_group_size=100_000)
    fields = [
        {"name": name, "type": "string" if name.startswith("s") else "number"}
        for name in frame.columns
    ]
    fields += [
        {"name": "day", "type": "date", "use": "date"},
        {"name": "bad", "type": "integer", "use": "target"},
    ]
    return Contract.model_validate(
        {
            "name": "large",
            "date": "day",
            "data": path.name,
            "target": {"field": "bad", "event": 1, "window_months": 12},
            "fields": fields,
        }
    )


def _differences(one: Any, other: Any) -> tuple[int, float]:
    """Characteristics whose bins differ, and the largest difference of points."""
    mine, theirs = _by_name(one), _by_name(other)
    differ = len(mine.keys() ^ theirs.keys())
    largest = abs(one.base_points - other.base_points)
    for name in mine.keys() & theirs.keys():
        differ += _cuts(mine[name]) != _cuts(theirs[name])
        pairs = zip(mine[name].all_attributes(), theirs[name].all_attributes(), strict=False)
        largest = max(largest, *(abs(a.points - b.points) for a, b in pairs))
    return differ, float(largest)


def _by_name(card: Any) -> dict[str, Any]:
    return {each.name: each for each in card.characteristics}


def _cuts(each: Any) -> Any:
    return getattr(each, "edges", None) or getattr(each, "groups", None)
