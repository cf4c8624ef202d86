"""The service with few decisions stored and with millions, on both databases."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from benchmarks.service_grounds import copied, new_postgresql
from benchmarks.service_growth import growth
from benchmarks.strategies import prepare
from benchmarks.table import Result

CLIENTS, FEW = 16, 10_000
MANY = int(os.environ.get("EQUIPOISE_BENCH_STORED", "5000000"))


def run(short: bool = False) -> list[Result]:
    """Five million decisions take some 17 GB a database, and up to an hour to store."""
    sizes, seconds = ((1_000, 10_000), 1.0) if short else ((FEW, MANY), 5.0)
    with tempfile.TemporaryDirectory() as name:
        lender = prepare(Path(name) / "lender", 5_000).workspace.folder
        folder = copied(lender, "grown-sqlite")
        result = [growth(folder, "", sizes, CLIENTS, seconds)]
        shutil.rmtree(folder)
        with new_postgresql() as (url, _):
            result.append(growth(copied(lender, "grown-postgresql"), url, sizes, CLIENTS, seconds))
    return result
