"""A table of borrowers and months as arrays: months down, borrowers across."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from equipoise.errors import BadInput, Span
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray

LATE = 30.0


@dataclass(frozen=True, slots=True)
class Panel:
    """`values` by sign, each (T, N) and NaN where nothing is known of the borrower that month;
    `days` late is one of them. `periods` (T) and `who` (N) name rows and columns."""

    periods: tuple[date, ...]
    who: pl.Series
    values: Mapping[str, FloatArray]

    @property
    def days(self) -> FloatArray:
        """(T, N) days late."""
        return self.values["days"]

    @property
    def first_late(self) -> IntArray:
        """(N,) the first month 30 days late; beyond all months where there is none."""
        late = self.days >= LATE
        return np.where(late.any(axis=0), late.argmax(axis=0), np.iinfo(np.int64).max)

    def at_risk(self) -> BoolArray:
        """(T, N) known, and never 30 days late so far."""
        before = np.arange(len(self.periods))[:, None] < self.first_late[None, :]
        return np.asarray(np.isfinite(self.days) & before)

    def late_within(self, horizon: int) -> FloatArray:
        """(T, N) 1 where the first month 30 days late comes 1 to `horizon` months later, 0 where it
        does not, and NaN where that is not known: not at risk, or too near the end. Near the end
        those who were late by then are left out too: of the others nobody knows."""
        ahead = self.first_late[None, :] - np.arange(len(self.periods))[:, None]
        comes = (ahead >= 1) & (ahead <= horizon)
        over = np.arange(len(self.periods)) + horizon < len(self.periods)
        known = self.at_risk() & over[:, None]
        return np.where(known, comes.astype(np.float64), np.nan)


def panel(
    rows: pl.DataFrame, period: str, entity: str, signs: Mapping[str, str], file: str = ""
) -> Panel:
    """From rows of borrowers and months. `signs` names the column of each sign, `days` among them.

    Raises BadInput where a borrower has two rows in a month: which of them holds nobody knows.
    """
    twice = rows.select(pl.struct(period, entity).is_duplicated()).to_series()
    if twice.any():
        row = int(twice.arg_true()[0])
        raise BadInput(
            f"'{rows[entity][row]}' has two rows in {rows[period][row]}",
            where=Span(file or "the table", row=row + 1),
            field=entity,
            mend="deliver one row for each borrower and month",
        )
    periods, month = np.unique(rows[period].to_numpy(), return_inverse=True)
    who = rows[entity].unique().sort()
    place = rows.select(pl.col(entity).replace_strict(who, pl.int_range(who.len(), eager=True)))
    column = place.to_series().to_numpy().astype(np.int64)
    values = {}
    for sign, name in signs.items():
        held = np.full((periods.size, who.len()), np.nan)
        filled = rows[name].cast(pl.Float64).fill_null(np.nan)
        held[month, column] = filled.to_numpy()
        values[sign] = held
    return Panel(tuple(each.item() for each in periods.astype("datetime64[D]")), who, values)
