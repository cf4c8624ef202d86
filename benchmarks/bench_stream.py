"""Millions of applications streamed from a Parquet file and valued in the run, on two threads.

`python -m benchmarks.bench_stream [APPLICANTS]` prints a line; ten million unless given.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from benchmarks.lending_stream import applications, write_applications
from benchmarks.table import Result
from equipoise.balance import solve_stream


def run(short: bool = False, peers: bool = True, applicants: int = 10_000_000) -> list[Result]:
    """Wall seconds from the file to each application's treatment in a file."""
    del peers
    applicants = 200_000 if short else applicants
    with tempfile.TemporaryDirectory() as folder:
        warm, file = Path(folder) / "warm.parquet", Path(folder) / "applications.parquet"
        write_applications(warm, 20_000)
        solve_stream(applications(warm))
        write_applications(file, applicants)
        begun = time.perf_counter()
        pl.read_parquet(file)
        bare = time.perf_counter() - begun
        begun = time.perf_counter()
        solution = solve_stream(applications(file), threads=2)
        chosen = pl.DataFrame({"treatment": solution.choice.astype("int8")})
        chosen.write_parquet(Path(folder) / "choices.parquet")
        seconds = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    fine = solution.gap < 1e-6 and solution.violation <= 1e-9 and most < 6
    return [
        Result(
            f"{applicants:,} x 20 streamed from Parquet, values computed in the run, two threads",
            seconds,
            "s",
            bare,
            "bare read",
            bar="60 s, peak RSS under 6 GB, gap < 1e-6",
            met=None if short else fine and seconds <= 60,
            note=f"gap {solution.gap:.1e}, violation {solution.violation:.0e}, peak {most:.2f} GB",
        )
    ]


if __name__ == "__main__":
    asked = [int(text.replace("_", "")) for text in sys.argv[1:]]
    for result in run(applicants=asked[0] if asked else 10_000_000):
        print(f"{result.name}: {result.ours:.1f} s; bare read {result.peer:.1f} s; {result.note}")
        print(f"    bar: {result.bar}; met: {result.met}")
