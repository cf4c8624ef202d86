"""What calls to customers seem to do, and what they do at equal waiting."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from equipoise.errors import BadInput
from equipoise.experience.callbacks import compare_contact
from equipoise.experience.log import ACCEPTED, CANCELLED, OPEN, CaseLog, in_days
from equipoise.experience.tables import CAUSES, times_and_causes

# half days for as long as anybody waits: narrow enough to hold waiting equal
BANDS = tuple(float(edge) for edge in np.arange(0, 180.5, 0.5))


def call_table(log: CaseLog, offers: pl.DataFrame) -> list[dict[str, Any]]:
    """For each activity of `log.calls`: the plain comparison over all offers, and ours.

    The plain one sets cases that were called against all the others. Ours begins when the
    customer came back (or, where the log does not tell, at the offer), since only then could
    they be called, counts the days before a call as uncalled and compares within half days of
    waiting: ratios of the hazards of acceptance and of leaving, with 95 % intervals. `offers`
    is the table of `acceptance.offers`.
    """
    rows = [_one_call(log, offers, activity) for activity in log.section.calls]
    return [row for row in rows if row is not None]


def _one_call(log: CaseLog, offers: pl.DataFrame, activity: str) -> dict[str, Any] | None:
    table = with_call(log, offers, activity)
    at_risk = table.filter(pl.col("days") > 0)
    time, cause = times_and_causes(at_risk, "days")
    try:
        accepted, cancelled = (
            compare_contact(
                time, cause, at_risk["called_at"].to_numpy(), CAUSES.index(end) + 1, BANDS
            )
            for end in (ACCEPTED, CANCELLED)
        )
    except BadInput:
        return None  # too few ends on one side of a call to compare anything
    closed = table.filter(pl.col("outcome") != OPEN)
    called = closed["called_at"].is_finite().to_numpy()
    took = (closed["outcome"] == ACCEPTED).to_numpy()
    return {
        "activity": activity,
        "called": int(called.sum()),
        "plain_called": float(took[called].mean()),
        "plain_uncalled": float(took[~called].mean()) if (~called).any() else None,
        "accepted_ratio": ratio_of(accepted.rate_ratio, accepted.low, accepted.high),
        "cancelled_ratio": ratio_of(cancelled.rate_ratio, cancelled.low, cancelled.high),
    }


def with_call(log: CaseLog, offers: pl.DataFrame, activity: str) -> pl.DataFrame:
    """The offers with `days`, from when a case could be called to its end, and `called_at`.

    `called_at` is in days from the same moment, and infinite without a call.
    """
    offer = log.section.offer
    column = "days_from_return" if offer and offer.returned else "days_to_end"
    return offers.join(_first_call(log, activity), on="case", how="left").with_columns(
        pl.col("called_at").fill_null(float("inf")), days=pl.col(column)
    )


def _first_call(log: CaseLog, activity: str) -> pl.DataFrame:
    """Days from when a case could be called to its first call: case, called_at."""
    offer = log.section.offer
    since = (offer.returned or offer.sent) if offer else log.section.start
    begin = log.complete(since).group_by("case").agg(begin=pl.col("time").min())
    days = in_days(pl.col("time") - pl.col("begin"))
    return (
        log.events.filter(pl.col("activity") == activity)
        .join(begin, on="case")
        .with_columns(called_at=days)
        # a schedule puts the call on the list; the call is made when it starts or is done
        .filter((pl.col("lifecycle") != "schedule") & (pl.col("called_at") > 0))
        .group_by("case")
        .agg(pl.col("called_at").min())
    )


def ratio_of(value: float, low: float, high: float) -> dict[str, float]:
    """A ratio of hazards as the table has it."""
    return {"value": value, "low": low, "high": high}
