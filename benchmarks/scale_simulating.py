"""Simulating on Spark: rows a second beside the local engine, and what the driver holds."""

from __future__ import annotations

from benchmarks.scale import Run
from benchmarks.table import Result


def rows(run: Run) -> list[Result]:
    """Nothing yet."""
    return [Result(run.name("driver, idle"), 0.0, "MB")]
