"""Outcome maturity: a loan that had little time to fail is not yet a good one.

A PD is for a window of w months. A loan's outcome in the window is known when it defaulted within
it, when it was watched for all of it, or when it was repaid early and can no longer default. Any
other loan is immature: it counts as neither good nor bad, and loans of its kind that are known
stand in for it (inverse probability of censoring weights).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, BoolArray, FloatArray

TAIL_Z = -2.0


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What was seen of each loan, all (n,): months watched and whether it defaulted or closed.

    `months` is the month of default for a default, the month of repayment for a closed loan, else
    the months on book so far; whole months, from 1 for an event.
    """

    months: FloatArray
    defaulted: BoolArray
    closed: BoolArray

    def __post_init__(self) -> None:
        if np.any(self.defaulted & self.closed):
            raise BadInput("a loan cannot both default and be repaid")
        if not np.all(np.isfinite(self.months)) or np.any(self.months < 0):
            raise BadInput(
                "the months observed hold missing or negative values",
                mend="give months on book for every loan, counted from origination",
            )

    def whole_months(self) -> FloatArray:
        """Whole months: an event falls in the month it ends, watching is rounded down."""
        events = self.defaulted | self.closed
        return np.where(events, np.maximum(np.ceil(self.months), 1), np.floor(self.months))

    def bad_in(self, window: int) -> BoolArray:
        """Defaulted within the window."""
        return np.asarray(self.defaulted & (self.months <= window))

    def mature_in(self, window: int) -> BoolArray:
        """Loans whose outcome in the window is known."""
        watched = self.months >= window
        return np.asarray(self.bad_in(window) | watched | self.closed)


def maturity_curve(outcomes: Outcomes, window: int) -> FloatArray:
    """Share of all loans defaulted by month 0, 1, ..., `window`: (window + 1,).

    Cumulative incidence in whole months with early repayment as the competing end (Aalen and
    Johansen 1978); without early repayments it is one minus Kaplan-Meier.
    """
    months, defaulted = outcomes.whole_months(), outcomes.defaulted
    open_until, curve = 1.0, np.zeros(window + 1)
    for month in range(1, window + 1):
        at_risk = int((months >= month).sum())
        failed = int((defaulted & (months == month)).sum())
        repaid = int((outcomes.closed & (months == month)).sum())
        curve[month] = curve[month - 1] + (open_until * failed / at_risk if at_risk else 0.0)
        open_until *= 1 - (failed + repaid) / at_risk if at_risk else 1.0
    return curve


def maturity_share(curve: FloatArray) -> FloatArray:
    """F(t) / F(window): how much of the window's defaults a loan of age t has had time to show."""
    return curve / curve[-1] if curve[-1] > 0 else np.linspace(0.0, 1.0, curve.size)


def window_weights(outcomes: Outcomes, window: int) -> tuple[BoolArray, FloatArray]:
    """Bad in the window (n,) and the weight of each row in fitting a PD for that window (n,).

    Immature rows get weight 0 and each known row 1 / P(still watched when its outcome came), so
    that the weighted bad rate is `maturity_curve` at the window. Watching is taken to end without
    regard to risk, as it does on the day the data were drawn. Raises BadInput where no loan was
    watched for the whole window.
    """
    bad, mature = outcomes.bad_in(window), outcomes.mature_in(window)
    months = outcomes.whole_months()
    if not np.any(months >= window):
        raise BadInput(
            f"no loan was watched for the whole window of {window} months",
            mend=f"shorten the window to {int(months.max(initial=0))} months, or give older loans",
        )
    still = _still_watched(outcomes, window)
    ends = np.minimum(months, window).astype(np.intp)
    return bad, np.where(mature, 1 / np.maximum(still[ends], 1e-6), 0.0)


def _still_watched(outcomes: Outcomes, window: int) -> FloatArray:
    """P(watched for at least m months), m = 0..window, by Kaplan-Meier over the ends of watching.

    A default in month m tells that watching reached m, so it is at risk of an end before m only.
    """
    months, known = outcomes.whole_months(), outcomes.defaulted | outcomes.closed
    still = np.ones(window + 1)
    for month in range(window):
        ended = int((~known & (months == month)).sum())
        at_risk = int((~known & (months >= month)).sum() + (known & (months > month)).sum())
        still[month + 1] = still[month] * (1 - ended / at_risk if at_risk else 1.0)
    return still


@dataclass(frozen=True, slots=True)
class MonthTable:
    """Rows and bads by month of origination, and the months whose bad rate has not settled."""

    months: tuple[str, ...]
    rows: tuple[int, ...]
    bads: tuple[int, ...]
    unsettled: tuple[str, ...]

    def as_list(self) -> list[dict[str, Any]]:
        """The table as plain data."""
        return [
            {
                "month": m,
                "rows": r,
                "bads": b,
                "bad_rate": b / r,
                "settled": m not in self.unsettled,
            }
            for m, r, b in zip(self.months, self.rows, self.bads, strict=True)
        ]


def bad_rate_by_month(bad: Array, month: Array) -> MonthTable:
    """Bad rate by month (sortable labels) and the run of last months that lie below the rest.

    Walking back from the last month, a month belongs to the unsettled tail while its bad rate is
    over two standard errors below that of all earlier months together. With resolved loans only,
    such a tail is the mark of maturity: early repayments are seen at once, defaults take months.
    """
    flags = np.asarray(bad, dtype=float)
    labels, codes = np.unique(np.asarray(month), return_inverse=True)
    rows = np.bincount(codes)
    bads = np.bincount(codes, weights=flags)
    tail: list[str] = []
    for at in range(len(labels) - 1, 1, -1):
        earlier_rows, earlier_bads = rows[:at].sum(), bads[:at].sum()
        rate = (earlier_bads + bads[at]) / (earlier_rows + rows[at])
        error = np.sqrt(max(rate * (1 - rate), 1e-12) * (1 / earlier_rows + 1 / rows[at]))
        if (bads[at] / rows[at] - earlier_bads / earlier_rows) / error > TAIL_Z:
            break
        tail.append(str(labels[at]))
    return MonthTable(
        tuple(str(label) for label in labels),
        tuple(int(r) for r in rows),
        tuple(int(b) for b in bads),
        tuple(reversed(tail)),
    )
