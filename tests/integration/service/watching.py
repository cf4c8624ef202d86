"""A lender who watches one table by two indicators: a risk, and a feed that may break."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

TEXT = """\
name: ours
history: 6
people:
- {id: rita, department: risk, deputy: ben}
- {id: ben, department: risk}
- {id: olga, department: operations}
tables:
- {name: loans, data: loans.parquet, period: month, columns: {month: date, days: number, score: number}}
indicators:
- {name: late, label: {en: Late, zh: 逾期}, level: portfolio, about: credit, table: loans, kind: rate, of: "days > 0",
   against: bound, amber: {at: 0.2}, red: {at: 0.5}, owner: rita, risk: bad_vintage}
- {name: score_missing, level: institution, about: data, table: loans, kind: rate, of: "score IS NULL",
   against: bound, red: {at: 0.5}, guards: [score], owner: olga}
risks:
- {name: bad_vintage, class: credit, cause: loans are made that should not have been, owner: rita,
   probability: {indicator: late, steps: [0.1, 0.2, 0.4, 0.6]}, impact: {judged: 4, by: ben, day: 2026-11-01},
   appetite: 8, reviewed: 2026-10-01}
alerts:
  red: [{to: rita, hours: 1}, {to: ben, hours: 4}]
  data: [{to: olga, hours: 2}]
  repeat_hours: 24
"""  # noqa: E501
ROWS = 200


def months(count: int) -> list[date]:
    return [date(2026 + at // 12, at % 12 + 1, 1) for at in range(count)]


def deliver(folder: Path, late: list[float], missing: float = 0.0) -> None:
    """The table with so many late in each month; of the last month's scores so many are missing."""
    rows = [
        (month, 30.0 if at < share * ROWS else 0.0, None if at < gone * ROWS else 650.0)
        for number, (month, share) in enumerate(zip(months(len(late)), late, strict=True))
        for gone in [missing if number == len(late) - 1 else 0.0]
        for at in range(ROWS)
    ]
    schema = {"month": pl.Date, "days": pl.Float64, "score": pl.Float64}
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(folder / "loans.parquet")


QUIET = [0.05] * 8
