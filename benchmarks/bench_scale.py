"""Spark beside the local engine, on one processor and on two: `make bench-scale`."""

from __future__ import annotations

import os
import sys

from benchmarks.scale import measured, sections
from benchmarks.table import Result


def run(short: bool = False) -> list[Result]:
    """Every section in processes of their own, on one core and then on two; rows as they come."""
    cores = [each for each in (1, 2) if each <= len(os.sched_getaffinity(0))]
    results: list[Result] = []
    for section in sections():
        for each in cores:
            rows = measured(section, each, short)
            for row in rows:
                print(f"{row.name}: {row.ours:,.4g} {row.unit} {row.note}", file=sys.stderr)
            results += rows
    return results
