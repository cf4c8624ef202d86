"""Offer acceptance by waiting: what became of each case's offer, and the slope per day waited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.experience.log import ACCEPTED, CANCELLED, DECLINED, OPEN, CaseLog, in_days
from equipoise.experience.logistic import Logit, fit_logit
from equipoise.numeric.arrays import IntArray
from equipoise.numeric.intervals import wilson


def offers(log: CaseLog) -> pl.DataFrame:
    """One row per case that got an offer: what became of it, and the waiting on either side.

    Columns: case; days_to_offer, from the case's start to its first offer; days_to_return,
    from that offer to the customer's answer (null without one); days_to_end, from the first
    offer to the end of the case or of the log; days_from_return likewise from the answer;
    offers, how many were sent; outcome: accepted, declined (by the lender), cancelled, open.
    """
    names = log.section.offer
    if names is None:
        raise BadInput("the log names no offer activities", field="log.offer", mend="add log.offer")
    sent = log.complete(names.sent).group_by("case").agg(sent=pl.col("time").min(), offers=pl.len())
    back = (
        (log.complete(names.returned) if names.returned else log.events.head(0))
        .group_by("case")
        .agg(returned=pl.col("time").min())
    )
    accepted = log.complete(names.accepted).group_by("case").agg(granted=pl.col("time").min())
    fate = (
        pl.when(pl.col("granted").is_not_null()).then(pl.lit(ACCEPTED)).otherwise(pl.col("outcome"))
    )
    return (
        sent.join(log.cases, on="case", how="left")
        .join(back, on="case", how="left")
        .join(accepted, on="case", how="left")
        .with_columns(outcome=fate, stop=pl.coalesce("granted", "stop"))
        .select(
            "case",
            "offers",
            "outcome",
            days_to_offer=_days("start", "sent"),
            days_to_return=_days("sent", "returned"),
            days_to_end=_days("sent", "stop"),
            days_from_return=_days("returned", "stop"),
        )
        .sort("case")
    )


@dataclass(frozen=True, slots=True)
class AcceptanceSlope:
    """Acceptance as a logit of days waited: log-odds at no wait, and per day."""

    intercept: Quantity
    per_day: Quantity
    n: int


def acceptance_slope(
    days: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    accepted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    source: str,
    clusters: IntArray | None = None,
) -> AcceptanceSlope:
    """Logistic slope of acceptance per day waited, with 95 % intervals; arrays (offers,).

    `clusters` (offers,) gives cluster-robust errors, for several offers to one customer.
    An association: customers whose applications take longer may differ in other ways.
    """
    design = np.column_stack([np.ones(days.size), days])
    return slope_of(fit_logit(design, accepted, clusters), source)


def slope_of(model: Logit, source: str) -> AcceptanceSlope:
    """The slope from the regression of acceptance on a column of ones and on days waited."""
    where = f"{source}, {model.n} offers answered or lapsed"
    return AcceptanceSlope(
        intercept=_quantity(model, 0, "log-odds", where),
        per_day=_quantity(model, 1, "log-odds per day", where),
        n=model.n,
    )


def answered(table: pl.DataFrame) -> pl.DataFrame:
    """The offers whose fate the customer decided: accepted, or cancelled and lapsed.

    Offers that the lender declined afterwards and those still open say nothing about take-up.
    """
    return table.filter(pl.col("outcome").is_in([ACCEPTED, CANCELLED]))


def _quantity(model: Logit, index: int, unit: str, source: str) -> Quantity:
    value, low, high = model.interval(index)
    return Quantity(
        value=value, low=low, high=high, provenance="measured", source=source, unit=unit
    )


@dataclass(frozen=True, slots=True)
class AcceptanceBand:
    """Offers by days waited: how many, what became of them, share accepted (95 % Wilson)."""

    start: float
    end: float
    mean_days: float
    offers: int
    accepted: int
    cancelled: int
    declined: int
    open: int
    share: float
    low: float
    high: float


def acceptance_by_band(
    table: pl.DataFrame, column: str, edges: Sequence[float]
) -> list[AcceptanceBand]:
    """Acceptance among answered offers in each band of `column` (days), a band holding its start.

    The band is fixed before the outcome, so there is no immortal time in `days_to_offer`. Do
    not use it with a time that ends with the outcome itself: that is what
    `cause_specific_hazards` is for.
    """
    bands = []
    for start, end in pairwise(edges):
        inside = table.filter((pl.col(column) >= start) & (pl.col(column) < end))
        count = {
            name: inside.filter(pl.col("outcome") == name).height
            for name in (ACCEPTED, CANCELLED, DECLINED, OPEN)
        }
        mean = float(np.mean(inside[column].to_numpy())) if inside.height else None
        bands.append(band_of(start, end, mean, count))
    return bands


def band_of(
    start: float, end: float, mean_days: float | None, count: Mapping[str, int]
) -> AcceptanceBand:
    """A band by its mean days, None where it is empty, and how many offers had each outcome."""
    accepted, cancelled = count.get(ACCEPTED, 0), count.get(CANCELLED, 0)
    n = accepted + cancelled
    low, high = wilson(np.array(float(accepted)), np.array(float(n)))
    return AcceptanceBand(
        start=start,
        end=end,
        mean_days=(start + end) / 2 if mean_days is None else mean_days,
        offers=sum(count.values()),
        accepted=accepted,
        cancelled=cancelled,
        declined=count.get(DECLINED, 0),
        open=count.get(OPEN, 0),
        share=accepted / n if n else 0.0,
        low=float(low),
        high=float(high),
    )


def _days(begin: str, end: str) -> pl.Expr:
    return in_days(pl.col(end) - pl.col(begin))
