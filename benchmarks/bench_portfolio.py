"""A book of ten million loan-months: read, measured and drawn by one command on two cores."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.table import Result

ROOT = Path(__file__).parents[1]
MONTHS = 48
SECONDS, GIGABYTES = 60.0, 4.0
# loans that give the rows wanted: a loan is seen some 18 months of 48
_ROWS_A_LOAN = 18.2


def run(short: bool = False) -> list[Result]:
    """`equipoise portfolio report` in a process of its own: wall seconds and peak memory."""
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from loan_tapes import TAPE, known_tape

    wanted = 300_000 if short else 10_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frame = known_tape(int(wanted / _ROWS_A_LOAN), MONTHS)
        rows = frame.height
        frame.write_parquet(folder / "known.parquet")
        del frame
        (folder / "tape.yaml").write_text(TAPE, encoding="utf-8")
        _reported(folder)  # portfolio.yaml is drafted, and compiled loops are on disk
        before = _processor_seconds()
        seconds = _reported(folder)
        processor = _processor_seconds() - before
    gigabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    size = f"{rows / 1e6:.1f} million loan-months"
    return [
        Result(
            f"portfolio report, {size}",
            seconds,
            "s",
            bar=f"{SECONDS:.0f} s",
            met=None if short else seconds <= SECONDS,
            note=f"{processor:.0f} s of processor",
        ),
        Result(
            f"peak memory, {size}",
            gigabytes,
            "GB",
            bar=f"{GIGABYTES:.0f} GB",
            met=None if short else gigabytes <= GIGABYTES,
        ),
    ]


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reported(folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from equipoise.cli import main; main()",
         "portfolio", "report", str(folder), "--json"],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    return time.perf_counter() - start
