"""Writing a synthetic lender to a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from equipoise.files import replacing, write_text
from equipoise.progress import Progress, Silent
from equipoise.simulation.lender import Lender, simulate
from equipoise.simulation.parameters import DEFAULT_FILE
from equipoise.simulation.readme import readme
from equipoise.simulation.truth import PARAMETERS_FILE, TRUTH_FILE

APPLICATIONS_FILE, EVENTS_FILE = "applications.parquet", "events.parquet"
PERFORMANCE_FILE, README_FILE = "performance.parquet", "README.md"


def write_lender(
    folder: Path, applicants: int, seed: int, progress: Progress | None = None
) -> Lender:
    """Simulate a lender and write its files; each appears whole or not at all.

    Writes applications, events, performance and truth as Parquet, the parameters they were made
    with, and a README of the columns. Raises BadInput as `simulate` does.
    """
    steps = progress or Silent()
    lender = simulate(applicants, seed, progress=progress)
    frames: tuple[tuple[str, Callable[[], pl.DataFrame]], ...] = (
        (APPLICATIONS_FILE, lender.applications),
        (EVENTS_FILE, lender.events),
        (PERFORMANCE_FILE, lender.performance),
        (TRUTH_FILE, lender.known_truth),
    )
    for name, frame in frames:
        with steps.step(name), replacing(folder / name) as temporary:
            frame().write_parquet(temporary, compression="zstd", compression_level=1)
    write_text(folder / PARAMETERS_FILE, DEFAULT_FILE.read_text(encoding="utf-8"))
    write_text(folder / README_FILE, readme(lender))
    return lender
