"""Whether the service decides as fast when millions of decisions are stored as when few are."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.service_load import Served, load, served
from benchmarks.table import Result

_ROUNDS = 3
_WARM = 1.0  # seconds


def growth(
    folder: Path, database: str, sizes: tuple[int, int], clients: int, seconds: float
) -> Result:
    """Decisions a second with many stored beside those with few: medians of three rounds."""
    few, many = sizes
    what = "PostgreSQL" if database else "SQLite"
    workers = 2 if database else 1
    with served(folder, database, workers) as first:
        load(first, clients, _WARM)
    fill(folder, database, few)
    with served(folder, database, workers, key=first.key) as small:
        before = _rate(small, clients, seconds)
    took = fill(folder, database, many - few)
    with served(folder, database, workers, key=first.key) as large:
        after = _rate(large, clients, seconds)
    return Result(
        f"decisions with {many:,} stored, {what}", after, "/s", before, f"with {few:,}",
        "within 20 % of it", after >= 0.8 * before,
        f"{(many - few) / took:,.0f} stored a second",
    )  # fmt: skip


def _rate(server: Served, clients: int, seconds: float) -> float:
    load(server, clients, _WARM)
    return statistics.median(load(server, clients, seconds).rate for _ in range(_ROUNDS))


def fill(folder: Path, database: str, count: int, *of: str) -> float:
    """Store so many more, of an outcome and a branch (`service_fill`); the seconds it took."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.service_fill", str(folder), str(count), *of],
        env={**os.environ, "DATABASE_URL": database, "EQUIPOISE_DATABASE_PATIENCE": "300"},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)
