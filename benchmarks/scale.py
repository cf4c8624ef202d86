"""One section of the scale benchmark, in its own process.

Run as `python -m benchmarks.scale SECTION CORES [--short]`, by the Python of `build/spark`.

A section is a module `benchmarks/scale_<section>.py` with

    def rows(run: Run) -> list[Result]

that measures Spark and the local engine one after the other, and says the one as `ours`, the other
as `peer`. The process is pinned to `run.cores` processors and its session is on `local[cores]`, so
that both have the same cores: JVM, Python's workers and threads of the local engine together. What
is measured warms up first; `seconds_of` takes the median. Files go to `run.folder`, which is empty
and removed afterwards. Sizes by `run.short`: a short run is done within a few seconds.

All sections in one table: `make bench-scale`, `benchmarks/bench_scale.py`.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.table import Result, median_seconds

_PREFIX = "scale_"
_MARK = "rows: "
_THREADS = ("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Run:
    """What a section measures with: a session on `local[cores]`, a folder of its own, its size."""

    session: Any
    cores: int
    short: bool
    folder: Path

    def name(self, what: str) -> str:
        """A row's name, with the cores it ran on."""
        return f"{what}, {self.cores} core{'s' if self.cores > 1 else ''}"


def seconds_of(work: Any, runs: int = 3) -> float:
    """Median wall seconds of `runs` calls, after one that is not counted."""
    work()
    return median_seconds(work, runs)


def driver_megabytes(session: Any) -> float:
    """Memory of the driver now: this process's resident pages and the JVM's used heap, after GC.

    On `local[n]` the JVM's heap is the executors' too.
    """
    runtime = session.sparkContext._jvm.java.lang.Runtime.getRuntime()
    session.sparkContext._jvm.java.lang.System.gc()
    heap = runtime.totalMemory() - runtime.freeMemory()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return float((heap + pages * os.sysconf("SC_PAGE_SIZE")) / 1e6)


def sections() -> list[str]:
    """The sections there are."""
    here = Path(__file__).parent
    return sorted(path.stem.removeprefix(_PREFIX) for path in here.glob(f"{_PREFIX}*.py"))


def measured(section: str, cores: int, short: bool) -> list[Result]:
    """The rows of a section, run by a fresh process that has `cores` processors.

    A section that fails is one row that says so: others have taken hours.
    """
    command = [sys.executable, "-m", "benchmarks.scale", section, str(cores), "--json"]
    ran = subprocess.run(
        [*command, *["--short"] * short],
        env=os.environ | dict.fromkeys(_THREADS, str(cores)),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    printed = [line for line in ran.stdout.splitlines() if line.startswith(_MARK)]
    if not printed:
        said = f"ended with {ran.returncode}: see what it wrote to stderr"
        return [Result(f"{section}, {cores} cores", float("nan"), "", met=False, note=said)]
    return [Result(**row) for row in json.loads(printed[-1].removeprefix(_MARK))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one section on this machine's first processors."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("section", choices=sections())
    parser.add_argument("cores", type=int)
    parser.add_argument("--short", action="store_true", help="small sizes, to see that all runs")
    parser.add_argument("--json", action="store_true", help="rows as JSON, for the whole table")
    asked = parser.parse_args(arguments)
    has = sorted(os.sched_getaffinity(0))
    if asked.cores > len(has):
        parser.error(f"this machine has {len(has)} processors")
    os.sched_setaffinity(0, has[: asked.cores])
    from equipoise.cluster.session import session_of_a_command

    rows = importlib.import_module(f"benchmarks.{_PREFIX}{asked.section}").rows
    conf = {"spark.sql.shuffle.partitions": str(asked.cores)}
    with (
        tempfile.TemporaryDirectory(prefix="equipoise-scale-") as folder,
        session_of_a_command(f"local[{asked.cores}]", conf) as session,
    ):
        results = rows(Run(session, asked.cores, asked.short, Path(folder)))
    if asked.json:
        print(_MARK + json.dumps([dataclasses.asdict(each) for each in results]))
    else:
        from benchmarks.__main__ import table

        Console(width=None if sys.stdout.isatty() else 160).print(table(results))
    return int(any(each.met is False for each in results))


if __name__ == "__main__":
    sys.exit(main())
