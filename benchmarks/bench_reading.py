"""One reading of facts: how many odd values each way in was held to, and where they differed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from benchmarks.table import Result

SUITE = Path(__file__).parents[1] / "tests" / "parity" / "test_one_reading.py"
WAYS = {
    "JSON lines": "json_lines",
    "Parquet": "parquet",
    "CSV": "csv",
    "check and fit": "check_and_fit",
    "DuckDB": "sql and duckdb",
    "PostgreSQL": "sql and postgres",
}


def run(short: bool = False) -> list[Result]:
    """Each way beside what is read one by one."""
    ways = dict(list(WAYS.items())[:4]) if short else WAYS
    return [_way(name, chosen) for name, chosen in ways.items()]


def _way(name: str, chosen: str) -> Result:
    command = [sys.executable, "-m", "pytest", "-q", "-s", str(SUITE), "-k", chosen]
    result = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    matches = re.findall(r"([\d,]+) values, (\d+) differences", result)
    values = sum(int(count.replace(",", "")) for count, _ in matches)
    wrong = sum(int(differences) for _, differences in matches)
    return Result(
        name=f"odd values read by {name} as one by one",
        ours=float(values),
        unit="values",
        bar="0 differences",
        met=bool(values) and wrong == 0,
        note=f"{wrong} differences",
    )
