"""Spark beside the local engine, on one processor and on two: `make bench-scale`."""

from __future__ import annotations

import os

from benchmarks.scale import measured, sections
from benchmarks.table import Result


def run(short: bool = False) -> list[Result]:
    """Every section in processes of their own, on one core and then on two."""
    cores = [each for each in (1, 2) if each <= len(os.sched_getaffinity(0))]
    return [
        row for section in sections() for each in cores for row in measured(section, each, short)
    ]
