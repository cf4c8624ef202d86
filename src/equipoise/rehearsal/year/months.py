"""The months that a lender's systems deliver: its watched tables and its loan tape, one month at a
time, and what is owed in truth.

A delivery of the watched tables is the whole file anew, as warehouses write them; of the loan tape
it is the month's rows alone, as one more file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path

import polars as pl

from equipoise.files import replacing, write_text
from equipoise.simulation import Lender, Planted, Shock, simulate, watched_lender

HISTORY = 30  # months that were there before anybody watched
WATCH, PLANS, DATA, TAPES = "watch.yaml", "plans.yaml", "data", "tapes"
ONSET = 1  # of the months delivered: the one in which a shock begins, counted from 0
CURRENCY = "USD"
_SHOCKS: frozenset[Shock] = frozenset({"bureau_feed_down"})
_DAYS_LATE = 15


@dataclass(frozen=True)
class Months:
    """`count` months of a lender with a shock in them, by the seed; `loans` applicants stand behind
    its tape."""

    count: int
    seed: int
    loans: int = 3_000
    _tables: Mapping[str, pl.DataFrame] = field(init=False, repr=False)
    _lender: Lender = field(init=False, repr=False)

    def __post_init__(self) -> None:
        planted = Planted(_SHOCKS, HISTORY + min(ONSET, self.count - 1))
        watched = watched_lender(self.seed, planted, HISTORY + self.count)
        object.__setattr__(self, "_tables", watched.tables)
        object.__setattr__(self, "_lender", simulate(self.loans, seed=self.seed))

    @property
    def days(self) -> list[date]:
        """The first day of each month that is delivered, in order."""
        return list(self._watched_days())[-self.count :]

    def begin(self, folder: Path) -> None:
        """Write what was there before the first month, what is watched, and the plans."""
        ours = files("equipoise.simulation.watched").joinpath(WATCH)
        write_text(folder / WATCH, ours.read_text(encoding="utf-8"))
        plans = files("equipoise.rehearsal.year").joinpath(PLANS)
        write_text(folder / PLANS, plans.read_text(encoding="utf-8"))
        (folder / DATA).mkdir(exist_ok=True)
        self._write_tables(folder, HISTORY)

    def deliver(self, folder: Path, at: int) -> Path:
        """Write the month at that place, from 0; the file of its loans."""
        self._write_tables(folder, HISTORY + at + 1)
        months = self.tape_months()
        wanted = months[: -self.count + 1 or None] if at == 0 else [months[at - self.count]]
        path = folder / TAPES / f"{wanted[-1]}.parquet"
        path.parent.mkdir(exist_ok=True)
        rows = self.tape.filter(pl.col("month").is_in(wanted))
        with replacing(path) as temporary:
            rows.write_parquet(temporary)
        return path

    @property
    def tape(self) -> pl.DataFrame:
        """The loan tape, all months of it."""
        return self._lender.tape()

    def tape_months(self) -> list[str]:
        """The months that it has, in order; the last are delivered one by one."""
        months: list[str] = self.tape["month"].unique().sort().to_list()
        return months

    def truth(self) -> dict[str, int]:
        """What is owed at each month's end, in cents, by what the simulation knows of each loan."""
        return exposures(self.tape, self._lender.performance(), self._lender.applications())

    def _watched_days(self) -> list[date]:
        days: list[date] = self._tables["applications"]["month"].unique().sort().to_list()
        return days

    def _write_tables(self, folder: Path, months: int) -> None:
        last = self._watched_days()[months - 1]
        for name, frame in self._tables.items():
            path = folder / DATA / f"{name}.parquet"
            with replacing(path) as temporary:
                frame.filter(pl.col("month") <= last).write_parquet(temporary)


def exposures(
    tape: pl.DataFrame, performance: pl.DataFrame, applications: pl.DataFrame
) -> dict[str, int]:
    """What is owed at each month's end, in cents, by a loan's course and not by its tape's balance.

    Who defaults owes what was owed before the first instalment that was never paid; who is late
    once, what was owed a month before; everybody else what performance says.
    """
    known = applications.select(
        pl.col("application_id").alias("loan_id"),
        pl.col("default_month").fill_null(0).cast(pl.Int64),
    )
    rows = tape.select("loan_id", "month", "amount", "days_past_due").with_columns(
        pl.int_range(1, pl.len() + 1).over("loan_id").alias("age")
    )
    rows = rows.join(known, on="loan_id", how="left")
    in_default = (pl.col("default_month") > 0) & (pl.col("age") >= pl.col("default_month"))
    late = pl.col("days_past_due") == _DAYS_LATE
    paid = (
        pl.when(in_default)
        .then(pl.col("default_month") - 1)
        .when(late)
        .then(pl.col("age") - 1)
        .otherwise(pl.col("age"))
    )
    courses = performance.select(
        pl.col("application_id").alias("loan_id"),
        pl.col("month_on_book").cast(pl.Int64).alias("paid"),
        pl.col("balance").alias("owed"),
    )
    rows = rows.with_columns(paid.cast(pl.Int64).alias("paid"))
    rows = rows.join(courses, on=["loan_id", "paid"], how="left")
    owed = pl.when(pl.col("paid") == 0).then(pl.col("amount")).otherwise(pl.col("owed"))
    cents = (owed * 100).round().cast(pl.Int64)
    summed = rows.group_by("month").agg(cents.sum().alias("cents")).sort("month")
    return dict(zip(summed["month"].to_list(), summed["cents"].to_list(), strict=True))
