"""A book of ten million loan-months: read, measured and drawn, and put under stress, each by one
command on two cores; and each of its numbers asked for, with its rows."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.table import Result

ROOT = Path(__file__).parents[1]
MONTHS = 48
SECONDS, GIGABYTES = 60.0, 4.0
CLICK_SECONDS = 2.0
# loans that give the rows wanted: a loan is seen some 18 months of 48
_ROWS_A_LOAN = 18.2


HISTORY = "Date,Unemployment rate\n" + "".join(
    f"{year} Q{quarter},{5 + year % 7 / 2 + quarter / 10}\n"
    for year in range(2000, 2025)
    for quarter in (1, 2, 3, 4)
)
SCENARIO = "scenario,variable,period,value\n" + "".join(
    f"adverse,Unemployment rate,{2025 + at // 4} Q{at % 4 + 1},{7 + 0.8 * min(at, 5)}\n"
    for at in range(13)
)
CLICKS = """
import json, re, sys, time
from pathlib import Path
from equipoise.portfolio import ask, figures_of, query_of
build = Path(sys.argv[1]) / "build"
measured = json.loads((build / "portfolio.json").read_text())
numbers = {(e.kind, e.of if e.kind == "move" else ""): e for e in figures_of(measured)}
seconds = {}
for number in numbers.values():
    start = time.perf_counter()
    query = query_of(measured, number)
    ask(query, build / f"{query.table}.parquet", most=50)
    seconds[f"{number.kind} {number.of}".strip()] = time.perf_counter() - start
# a process that was forked from a large one begins with that one's peak in its rusage
(peak,) = re.findall("VmHWM:\\\\s+([0-9]+) kB", Path("/proc/self/status").read_text())
print(json.dumps([seconds, int(peak) / 1e6]))
"""
LIMIT = "loss_rate <= 90%"  # never broken: all 21 scales of the scenario are looked at


def run(short: bool = False) -> list[Result]:
    """`equipoise portfolio report`, and `stress` of 13 quarters with a limit, in processes of their
    own: wall seconds and peak memory."""
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
        stressed, stressing = _stressed(folder)
        clicks, asking = _clicked(folder)
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
            f"stress and reverse stress, {size}",
            stressed,
            "s",
            bar=f"{2 * SECONDS:.0f} s",
            met=None if short else stressed <= 2 * SECONDS,
            note=f"{stressing:.0f} s of processor",
        ),
        Result(
            f"peak memory, {size}",
            gigabytes,
            "GB",
            bar=f"{GIGABYTES:.0f} GB",
            met=None if short else gigabytes <= GIGABYTES,
        ),
        Result(
            f"the slowest number with its rows, {size}",
            max(clicks.values()),
            "s",
            bar=f"{CLICK_SECONDS:.0f} s",
            met=None if short else max(clicks.values()) <= CLICK_SECONDS,
            note=f"{max(clicks, key=clicks.__getitem__)}; "
            f"the median of {len(clicks)}: {median(clicks.values()):.1f} s; {asking:.1f} GB",
        ),
    ]


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _stressed(folder: Path) -> tuple[float, float]:
    """Wall and processor seconds of a stress whose stress.yaml was drafted before."""
    (folder / "history.csv").write_text(HISTORY, encoding="utf-8")
    (folder / "adverse.csv").write_text(SCENARIO, encoding="utf-8")
    _command("stress", str(folder), "--history", str(folder / "history.csv"))
    before = _processor_seconds()
    seconds = _command(
        "stress", str(folder), "--scenario", str(folder / "adverse.csv"), "--reverse", LIMIT
    )
    return seconds, _processor_seconds() - before


def _clicked(folder: Path) -> tuple[dict[str, float], float]:
    """Seconds of a number of each kind with its query and first rows; peak GB of who asks them."""
    _command("portfolio", "rows", str(folder))
    asked = _python("-c", CLICKS, str(folder)).stdout
    seconds, gigabytes = json.loads(asked)
    return seconds, gigabytes


def _reported(folder: Path) -> float:
    return _command("portfolio", "report", str(folder))


def _command(*arguments: str) -> float:
    """Wall seconds of a command in a process of its own."""
    start = time.perf_counter()
    _python("-c", "from equipoise.cli import main; main()", *arguments, "--json")
    return time.perf_counter() - start


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
