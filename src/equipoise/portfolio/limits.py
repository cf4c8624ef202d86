"""How far limits are used, now and where the book is going at its present flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray

AHEAD = (3, 6, 12)  # months


@dataclass(frozen=True, slots=True)
class LimitUse:
    """A limit on one name or segment: `use` is exposure over limit (1 is all of it), `forecast`
    the use AHEAD months on if the flow of the last months goes on, NaN without a history.

    `of` is a name of the dimension `by`; the limit is a `share` of the book, or (None) an amount.
    `constraint` is the one of the appetite whose shadow price is shown; empty where none is named.
    """

    name: str
    source: str
    by: str
    of: str
    share: float | None
    exposure: float
    limit: float
    use: float
    forecast: tuple[float, ...]
    constraint: str = ""
    shadow_price: float | None = None

    @property
    def broken(self) -> bool:
        return self.use > 1


def forecast_use(
    history: FloatArray, totals: FloatArray | None, share_or_limit: float
) -> tuple[float, ...]:
    """Use of a limit AHEAD months on: exposure goes on by its mean monthly change (T,).

    With `totals` (T,) the limit is a share of the book, which goes on by its own change; without,
    it is an amount. NaN with fewer than two months.
    """
    if history.size < 2:
        return tuple(float("nan") for _ in AHEAD)
    flow = (history[-1] - history[0]) / (history.size - 1)
    made = []
    for months in AHEAD:
        exposure = max(history[-1] + flow * months, 0.0)
        limit = share_or_limit
        if totals is not None:
            growth = (totals[-1] - totals[0]) / (totals.size - 1)
            limit = share_or_limit * max(float(totals[-1] + growth * months), 0.0)
        made.append(float(exposure / limit) if limit > 0 else float("nan"))
    return tuple(made)


def exposure_history(
    month: IntArray, balance: IntArray, code: IntArray, names: int, months: tuple[int, int]
) -> IntArray:
    """Exposure by month and name (T, names), in minor units, of rows in months first to last."""
    first, last = months
    inside = (month >= first) & (month <= last)
    place = (month[inside] - first) * names + code[inside]
    total = np.zeros((last - first + 1) * names, dtype=np.int64)
    np.add.at(total, place, balance[inside])
    return total.reshape(-1, names)
