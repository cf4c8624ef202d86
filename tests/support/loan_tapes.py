"""Tapes with a known truth: loans that move between buckets by a matrix, and their reading."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from equipoise.portfolio import TapeReading, read_tape, read_tape_document

TRUTH = np.array(
    [
        [0.955, 0.030, 0, 0, 0, 0, 0.015],
        [0.500, 0.300, 0.195, 0, 0, 0, 0.005],
        [0.200, 0.100, 0.300, 0.400, 0, 0, 0],
        [0.080, 0.020, 0.100, 0.200, 0.600, 0, 0],
        [0.020, 0, 0, 0, 0.930, 0.050, 0],
        [0, 0, 0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 1],
    ]
)
DAYS = np.array([0, 15, 45, 75, 120, 200, 0])
WORDS = np.array(["Current", "Late", "Late", "Late", "Default", "Charged Off", "Fully Paid"])
TAPE = """\
name: known
shape: monthly
currency: CNY
deliveries: {known.parquet: {}}
columns:
  - {role: loan, column: loan}
  - {role: month, column: month, format: "%Y-%m"}
  - {role: balance, column: balance}
  - {role: days_late, column: days}
  - {role: status, column: status}
  - {role: opened, column: opened}
  - {role: term, column: term}
  - {role: rate, column: rate}
  - {role: region, column: region}
  - {role: customer, column: customer}
statuses:
  - {says: Current, means: current}
  - {says: Late, means: late, days: 1}
  - {says: Default, means: default, days: 91}
  - {says: Charged Off, means: written_off}
  - {says: Fully Paid, means: repaid}
"""


def known_tape(loans: int, months: int, seed: int = 1) -> pl.DataFrame:
    """A row for each loan and month until it is repaid or written off; 2021-01 is the first."""
    rng = np.random.default_rng(seed)
    limits = TRUTH.cumsum(axis=1)
    start = rng.integers(0, months, loans)
    term = rng.choice([24, 36, 48, 60], loans)
    owed = np.round(rng.lognormal(9, 0.6, loans), 2)
    rate = np.round(rng.uniform(0.05, 0.2, loans), 4)
    pays = owed * (rate / 12) / (1 - (1 + rate / 12) ** -term)
    region = np.array(["north", "south", "east", "west"])[
        rng.choice(4, loans, p=[0.5, 0.3, 0.15, 0.05])
    ]
    named = np.array([f"{2021 + at // 12}-{at % 12 + 1:02d}" for at in range(months)])
    state, alive, parts = np.zeros(loans, dtype=int), np.ones(loans, dtype=bool), []
    for month in range(months):
        on = np.flatnonzero((start <= month) & alive)
        moving = on[start[on] < month]
        lot = rng.random(moving.size)[:, None]
        state[moving] = (lot > limits[state[moving]]).sum(axis=1)
        paid = moving[state[moving] == 0]
        owed[paid] = np.maximum(owed[paid] * (1 + rate[paid] / 12) - pays[paid], 0).round(2)
        state[on[owed[on] < 0.01]] = 6
        owed[on[state[on] == 6]] = 0
        parts.append(
            pl.DataFrame(
                {
                    "loan": [f"L{each:06d}" for each in on],
                    "month": named[np.full(on.size, month)],
                    "balance": owed[on],
                    "days": DAYS[state[on]],
                    "status": WORDS[state[on]],
                    "opened": np.char.add(named[start[on]], "-01"),
                    "term": term[on],
                    "rate": rate[on],
                    "region": region[on],
                    "customer": [f"C{each // 2}" for each in on],
                }
            )
        )
        alive[on[state[on] >= 5]] = False
    return pl.concat(parts)


def read_known(folder: Path, frame: pl.DataFrame) -> TapeReading:
    """The tape, written and read again."""
    frame.write_parquet(folder / "known.parquet")
    (folder / "tape.yaml").write_text(TAPE, "utf-8")
    return read_tape(read_tape_document(folder / "tape.yaml"), folder)
