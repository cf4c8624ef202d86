"""Vintages: of the loans made in a month, how many went bad by each month on book."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.numeric.intervals import wilson

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Vintages:
    """Rows are vintages, columns months on book from 0.

    `bad` (V, M) counts loans that were bad by then, `loans` (V,) all of them. `mature` (V, M) tells
    the cells in which every loan has been watched so long; the others are censored and no rates.
    `late_entry` (V,) counts loans whose first months the tape does not have: they may have been
    bad unseen, and are left out of `loans`. `ever_bad` (V,) counts those of both that were bad in
    any month of the tape.
    """

    vintage: IntArray
    loans: IntArray
    bad: IntArray
    mature: BoolArray
    late_entry: IntArray
    ever_bad: IntArray

    @property
    def rate(self) -> FloatArray:
        """Cumulative bad rates (V, M); NaN where a cell is censored or empty."""
        share = self.bad / np.maximum(self.loans, 1)[:, None]
        return np.asarray(np.where(self.mature & (self.loans > 0)[:, None], share, np.nan))

    def interval(self) -> tuple[FloatArray, FloatArray]:
        """Wilson intervals of the rates (V, M); NaN as they are."""
        wide = np.broadcast_to(self.loans[:, None], self.bad.shape).astype(np.float64)
        low, high = wilson(self.bad.astype(np.float64), wide)
        known = np.isfinite(self.rate)
        return np.where(known, low, np.nan), np.where(known, high, np.nan)


def vintages(
    origination: IntArray,
    first_seen: IntArray,
    first_bad: IntArray,
    as_of: int,
    *,
    months: int = 60,
    step: int = 1,
    seen_within: int = 1,
) -> Vintages:
    """Vintages of loans (n,): months (counted alike) of origination, of the first row, and of the
    first bad one (`NEVER` where there is none).

    `as_of` is the last month of the tape, `step` how many months make a vintage: 3 for quarters,
    which mature with their last month. A loan that the tape has from the beginning has its first
    row at most `seen_within` months after its origination. A loan is bad by month on book m where
    its first bad month is at most m after its origination.
    """
    if origination.size == 0:
        none = np.zeros(0, dtype=np.int64)
        table = np.zeros((0, months + 1))
        return Vintages(none, none, table.astype(np.int64), table.astype(bool), none, none)
    first, last = int(origination.min()) // step, int(origination.max()) // step
    row, size = origination // step - first, last - first + 1
    whole = first_seen <= origination + seen_within  # that of paying out may have no row of its own
    loans = np.bincount(row[whole], minlength=size)
    turned = whole & (first_bad != NEVER)
    on_book = np.maximum(first_bad[turned] - origination[turned], 0)
    counted = on_book <= months
    place = row[turned][counted] * (months + 1) + on_book[counted]
    new = np.bincount(place, minlength=size * (months + 1)).reshape(size, months + 1)
    youngest = (np.arange(first, last + 1) + 1) * step - 1
    return Vintages(
        vintage=np.arange(first, last + 1) * step,
        loans=loans.astype(np.int64),
        bad=np.cumsum(new, axis=1).astype(np.int64),
        mature=youngest[:, None] + np.arange(months + 1)[None, :] <= as_of,
        late_entry=np.bincount(row[~whole], minlength=size).astype(np.int64),
        ever_bad=np.bincount(row[first_bad != NEVER], minlength=size).astype(np.int64),
    )


def first_month_where(loan: IntArray, month: IntArray, holds: BoolArray, loans: int) -> IntArray:
    """The first month in which it holds, by loan (loans,): `NEVER` where it never does.

    Rows are ordered by loan and month; `loan` counts from 0.
    """
    first = np.full(loans, NEVER, dtype=np.int64)
    at = np.flatnonzero(holds)[::-1]  # the earliest is written last, and stays
    first[loan[at]] = month[at]
    return first
