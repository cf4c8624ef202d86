"""Customers' indicators over the months of the loans they warn of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.watch.backtest.thresholds import Candidate, candidates, frontier, proposed
from equipoise.watch.backtest.worth import Months, Worth, worth_of
from equipoise.watch.document.watch import Backtest
from equipoise.watch.measuring.sources import PERIOD
from equipoise.watch.watching import Compiled, Watch


@dataclass(frozen=True, slots=True)
class BorrowerTest:
    """One indicator of single customers: what it was worth as it is, at its red `bound` or where it
    is true; and for a number the frontier of thresholds, and the one proposed."""

    indicator: str
    worth: Worth | None
    bound: float | None = None
    frontier: tuple[Candidate, ...] = ()
    proposed: Candidate | None = None


def borrower_tests(watch: Watch, rows: pl.DataFrame, of: Backtest) -> list[BorrowerTest]:
    """Each indicator of level `customer` over the backtest's table, on all its `rows`."""
    table = watch.document.table(of.table)
    ordered = rows.sort(table.entity or table.period, PERIOD)
    months = months_of(watch, ordered, of)
    return [
        _test(compiled, ordered, months, of)
        for compiled in watch.of_table(of.table)
        if compiled.indicator.level == "customer" and compiled.of is not None
    ]


def months_of(watch: Watch, ordered: pl.DataFrame, of: Backtest) -> Months:
    """Borrowers and months of rows in order."""
    table = watch.document.table(of.table)
    who = ordered[table.entity or table.period].rle_id().to_numpy().astype(np.int64)
    day = ordered[PERIOD].to_physical().to_numpy()
    month = np.unique(day, return_inverse=True)[1].astype(np.int64)
    if watch.event is None:
        raise AssertionError("a backtest has an event")
    event = ordered.select(watch.event.polars().fill_null(False)).to_series().to_numpy()
    return Months(who, month, event)


def _test(compiled: Compiled, rows: pl.DataFrame, months: Months, of: Backtest) -> BorrowerTest:
    indicator, costs = compiled.indicator, (of.alert_cost, of.saved)
    value = counted_values(compiled, rows)
    worth: Worth | None = None
    bound = None if indicator.red is None else indicator.red.at
    if indicator.kind == "rate":
        worth = worth_of(months, value > 0, horizon=of.horizon, costs=costs)
        return BorrowerTest(indicator.name, worth)
    up = indicator.direction != "down"
    tried = candidates(months, value, up=up, horizon=of.horizon, costs=costs)
    if bound is not None:
        warned = np.isfinite(value) & (value >= bound if up else value <= bound)
        worth = worth_of(months, warned, horizon=of.horizon, costs=costs)
    return BorrowerTest(indicator.name, worth, bound, tuple(frontier(tried)), proposed(tried))


def counted_values(compiled: Compiled, rows: pl.DataFrame) -> FloatArray:
    """(R,) the indicator's value on each row, NaN where the row does not count."""
    return np.where(_counts(compiled, rows), _value(compiled, rows), np.nan)


def _counts(compiled: Compiled, rows: pl.DataFrame) -> BoolArray:
    if compiled.where is None:
        return np.ones(rows.height, dtype=bool)
    kept = rows.select(compiled.where.polars().fill_null(False)).to_series()
    return np.asarray(kept.to_numpy(), dtype=bool)


def _value(compiled: Compiled, rows: pl.DataFrame) -> FloatArray:
    if compiled.of is None:
        raise AssertionError("a customer's indicator has a value")
    series = rows.select(compiled.of.polars().cast(pl.Float64)).to_series()
    return np.asarray(series.fill_null(np.nan).to_numpy(), dtype=np.float64)
