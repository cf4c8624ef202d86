"""Small watches and tables that the tests of this room share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from equipoise.watch import FrameSource, Measured, Watch, measure, parse_watch

HEAD = """\
name: ours
history: {history}
budget: {{false_reds: 1, false_ambers: 12}}
people:
  - {{id: ana, deputy: bo}}
  - {{id: bo}}
tables:
  - name: loans
    data: loans.parquet
    period: month
    columns: {{month: date, days: number, score: number, pd: number,
      region: string, balance: number}}
    rests_on: {{pd: [score]}}
indicators:
"""


def months(count: int) -> list[date]:
    """The first days of so many months."""
    return [date(2022 + at // 12, at % 12 + 1, 1) for at in range(count)]


def watch(indicators: str, history: int = 24, rest: str = "") -> Watch:
    """A watch of these indicators, written as YAML."""
    lines = "".join(f"  {line}\n" for line in indicators.strip().splitlines())
    return parse_watch(HEAD.format(history=history) + lines + rest, Path("watch.yaml"))


def loans(seed: int, periods: int = 36, rows: int = 1000, bad: float = 0.05) -> pl.DataFrame:
    """Rows of so many months in which nothing changes."""
    rng = np.random.default_rng(seed)
    n = periods * rows
    score = rng.normal(650, 70, n)
    return pl.DataFrame(
        {
            "month": pl.Series(months(periods)).gather(np.repeat(np.arange(periods), rows)),
            "days": np.where(rng.random(n) < bad, 35.0, 0.0),
            "score": score,
            "pd": np.full(n, bad),
            "region": rng.choice(["N", "S"], n),
            "balance": rng.lognormal(8, 0.5, n),
        }
    )


def measured(of: Watch, frame: pl.DataFrame) -> Measured:
    """The watch over that frame."""
    document = of.document
    source = FrameSource.of(frame, document.table("loans"), document.every)
    return measure(of, {"loans": source})
