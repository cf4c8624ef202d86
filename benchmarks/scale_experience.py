"""Experience from an event log: growth from 1 M to 10 M events on disk, the local engine beside.

The log is the demo's, repeated under other names of cases, so that steps, waits and ends are those
of a lender and nothing of it fits a size by chance.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.scale import Run, driver_megabytes
from benchmarks.table import Result
from equipoise.cluster import experience_on
from equipoise.contract import read_event_log
from equipoise.documents import Quantity
from equipoise.experience import ExperienceDocument, fit_experience
from equipoise.workspace import Workspace, new_demo

APPLICANTS, SEED = 20_000, 11
SIZES, SHORT = (1_000_000, 3_000_000, 10_000_000), (200_000, 600_000)
FLAT = 100.0  # megabytes that the driver may hold more
NOTHING = Quantity(value=0.0, provenance="assumed", source="not what is timed")


def rows(run: Run) -> list[Result]:
    """Seconds and the driver's memory at each size; the local fit of the smallest."""
    new_demo(run.folder / "demo", APPLICANTS, SEED)
    lender = _lender(run.folder / "demo")
    _measured(run, lender, 50_000)  # warms up
    sizes = SHORT if run.short else SIZES
    points = [(size, *_measured(run, lender, size)) for size in sizes]
    local = _locally(run, lender, sizes[0])
    first = points[0]
    return [
        Result(
            run.name(f"experience of {sizes[0]:,} events"),
            first[1],
            "s",
            local,
            "local engine",
        ),
        *(
            Result(
                run.name(f"experience of {size:,} events"),
                seconds / size * 1e9,
                "ns an event",
                first[1] / first[0] * 1e9,
                f"at {first[0]:,}",
                note=f"{seconds:,.1f} s",
            )
            for size, seconds, _ in points
        ),
        Result(
            run.name(f"driver after {points[-1][0]:,} events"),
            points[-1][2],
            "MB",
            first[2],
            f"after {first[0]:,}",
            bar=f"at most {FLAT:g} MB more",
            met=None if run.short else points[-1][2] - first[2] <= FLAT,
            note="Python, and the JVM with its executor",
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Lender:
    """A log, where it is and which column names its cases, and the document that measures it."""

    document: ExperienceDocument
    log: Path
    columns: dict[str, str]


def _lender(folder: Path) -> _Lender:
    """The demo's, without what is measured from applications."""
    document = Workspace.open(folder).experience().value
    section = document.log
    assert section is not None
    declared = dict.fromkeys(("intercept", "price", "amount", "waiting", "risk"), NOTHING)
    take_up = document.take_up.model_copy(update={"observed": None, **declared})
    alone = document.model_copy(update={"checks": (), "take_up": take_up})
    named = {str(part): name for part, name in section.columns.items()}
    return _Lender(alone, folder / section.path, named)


def _measured(run: Run, lender: _Lender, size: int) -> tuple[float, float]:
    rows = _repeated(run, lender, size)
    start = time.perf_counter()
    experience_on(rows, lender.document)
    return time.perf_counter() - start, driver_megabytes(run.session)


def _repeated(run: Run, lender: _Lender, size: int) -> Any:
    """So many events or a few more, on disk."""
    folder = run.folder / f"events-{size}"
    if not folder.exists():
        one = run.session.read.parquet(str(lender.log))
        times, case = -(-size // one.count()), lender.columns["case"]
        many = run.session.range(times).withColumnRenamed("id", "__copy").crossJoin(one)
        named = many.selectExpr(
            f"concat({case}, '-', __copy) AS {case}",
            *(name for name in one.columns if name != case),
        )
        named.write.parquet(str(folder))
    return run.session.read.parquet(str(folder))


def _locally(run: Run, lender: _Lender, size: int) -> float:
    file = run.folder / "events.parquet"
    pl.read_parquet(run.folder / f"events-{size}" / "*.parquet").write_parquet(file)
    start = time.perf_counter()
    read = read_event_log(file, **lender.columns)  # type: ignore[arg-type]  # columns by part
    fit_experience(lender.document, read.events, read.cases)
    return time.perf_counter() - start
