"""The synthetic lender: seconds to make and write it, by number of applicants."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.table import Result
from equipoise.simulation import simulate, write_lender

BAR_SECONDS = 20.0


def run(short: bool = False) -> list[Result]:
    """Simulate and write, files included; then any treatment's truth for everyone."""
    applicants = 100_000 if short else 1_000_000
    simulate(1_000, seed=1)  # warms up imports and the parameters' reading
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        write_lender(Path(folder), applicants, seed=7)
        seconds = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    lender = simulate(applicants, seed=7)
    start = time.perf_counter()
    lender.truth.of_choice(lender.history.assignment.champion, lender.treatments)
    judged = time.perf_counter() - start
    bar = BAR_SECONDS * applicants / 1_000_000
    return [
        Result(
            name=f"synthetic lender, {applicants:,} applicants, files included",
            ours=seconds,
            unit="s",
            bar=f"<= {bar:g} s",
            met=seconds <= bar,
            note=f"{size / 1e6:.0f} MB",
        ),
        Result(name=f"true outcome of a policy, {applicants:,} applicants", ours=judged, unit="s"),
    ]
