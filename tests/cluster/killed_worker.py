"""Solves twice, the second time with a worker of Python killed in each pass; prints both answers.

A program of its own: only `local[cores, attempts]` lets Spark try a task again.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import small_lender

from equipoise.balance.applications import INPUTS, MeasuredLimit
from equipoise.balance.measured import Aim, LoanFigures
from equipoise.cluster import HeldApplicants, session_for, solve_held
from equipoise.value.compiled import Valuer, figures_of

SIZE = 2_000


class Killing(HeldApplicants):
    """In each pass the first worker dies before it answers."""

    passes = 0
    marks = Path()

    def given(self, task: Callable[[Any], Any], title: str) -> Any:
        Killing.passes += 1
        mark = self.marks / f"killed-{self.passes}"

        def killed(batches: Any) -> Any:
            for each in task(batches):
                if not mark.exists():
                    mark.touch()
                    os.kill(os.getpid(), signal.SIGKILL)
                yield each

        return super().given(killed, title)


def main(folder: Path) -> None:
    people = small_lender.people(SIZE)
    columns = (people.seen_pd, people.lgd, people.amount, people.months, people.income, people.apr)
    frame = pl.DataFrame(dict(zip(INPUTS, columns, strict=True))).with_row_index("id")
    frame.write_parquet(folder / "applicants.parquet")
    session = session_for("local[2,4]", {"spark.local.dir": str(folder / "local")})
    applicants = session.read.parquet(str(folder / "applicants.parquet")).repartition(3)
    model = figures_of(small_lender.model(12.0), small_lender.CHECK_SHIFT)
    valuer = Valuer(model, small_lender.document().menu())
    limits = [
        MeasuredLimit("loss rate", {"expected_loss": 1.0, "exposure": -0.03}, 0.0),
        MeasuredLimit("hours", {"underwriter_hours": 1.0}, 100.0),
    ]
    figures, aim = LoanFigures(valuer), Aim.at("profit", limits)
    Killing.marks = folder
    answers = []
    for kind in (HeldApplicants, Killing):
        held = kind(applicants, figures, aim.measures)
        result = solve_held(held, aim)
        answers.append([result.value, result.upper_bound, *result.multipliers.array])
        held.release()
    killed = sum(1 for _ in folder.glob("killed-*"))
    sys.stdout.write("answers: " + json.dumps({"answers": answers, "killed": killed}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
