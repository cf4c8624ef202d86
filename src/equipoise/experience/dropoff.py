"""Who leaves, at which step and after how long a wait.

Cases still open when the log ends are censored: at risk until then, neither lost nor kept.
A decline is the lender's act, so it ends the time at risk and is no drop-off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.experience.competing import cumulative_incidence, log_log_interval
from equipoise.experience.log import ACCEPTED, CANCELLED, DECLINED, OPEN, SECONDS_A_DAY, CaseLog
from equipoise.experience.turns import first_offer, with_turn
from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.intervals import poisson_rate, wilson


@dataclass(frozen=True, slots=True)
class StepDropOff:
    """What became of those who reached a step; the counts add up to `reached`."""

    activity: str
    reached: int
    went_on: int
    lost: int
    declined: int
    open: int
    drop_off: Quantity


def step_drop_off(log: CaseLog, activities: Sequence[str], source: str) -> list[StepDropOff]:
    """Drop-off of each step: the probability of leaving before the next step or acceptance.

    `activities` are those of the journey's steps, in order. A case is at a step from its first
    event there until its first event at a later step, or its end. Estimated as the
    Aalen-Johansen incidence of leaving against going on, by the last end seen; declined and open
    cases are censored, so the figure is what would happen if the lender had not ended the case.
    A first offer is going on from any step before it: leaving after it is a matter of take-up.
    """
    entered = (
        log.events.join(log.cases, on="case", how="left")
        .filter(pl.col("activity").is_in(activities) & (pl.col("time") <= pl.col("stop")))
        .group_by("case", "activity")
        .agg(pl.col("time").min(), pl.col("stop").first(), pl.col("outcome").first())
        .join(first_offer(log), on="case", how="left")
        .with_columns(offered=pl.when(pl.col("offered") > pl.col("time")).then(pl.col("offered")))
    )
    return [
        _one_step(entered, activity, activities[index + 1 :], source)
        for index, activity in enumerate(activities)
    ]


def _one_step(
    entered: pl.DataFrame, activity: str, later: Sequence[str], source: str
) -> StepDropOff:
    onward = (
        entered.filter(pl.col("activity").is_in(later))
        .group_by("case")
        .agg(on=pl.col("time").min())
    )
    at_step = (
        entered.filter(pl.col("activity") == activity)
        .join(onward, on="case", how="left")
        .with_columns(on=pl.min_horizontal("on", "offered"))
        .with_columns(
            fate=pl.when(pl.col("on").is_not_null())
            .then(pl.lit(ACCEPTED))
            .otherwise(pl.col("outcome")),
            days=_days(pl.col("on").fill_null(pl.col("stop")) - pl.col("time")),
        )
    )
    counts = {name: at_step.filter(pl.col("fate") == name).height for name in _FATES}
    cause = at_step["fate"].replace_strict(_FATES, return_dtype=pl.Int64).to_numpy()
    # someone already at a later step when this one first occurs has gone on at once
    days = np.maximum(at_step["days"].to_numpy(), 0.0)
    return StepDropOff(
        activity=activity,
        reached=at_step.height,
        went_on=counts[ACCEPTED],
        lost=counts[CANCELLED],
        declined=counts[DECLINED],
        open=counts[OPEN],
        drop_off=_incidence_of_leaving(
            days, cause, f"{source}, {at_step.height} cases at the step"
        ),
    )


_FATES = {OPEN: 0, DECLINED: 0, CANCELLED: 1, ACCEPTED: 2}


def _incidence_of_leaving(days: FloatArray, cause: FloatArray, source: str) -> Quantity:
    curves = cumulative_incidence(days, cause.astype(np.int64), 2)
    if curves.times.size == 0:
        value, low, high = 0.0, 0.0, 1.0
    elif not curves.incidence[0, -1] > 0:
        value = 0.0
        low, high = (float(end) for end in wilson(np.array(0.0), np.array(float(days.size))))
    else:
        value, low, high = log_log_interval(
            float(curves.incidence[0, -1]), float(curves.variance[0, -1])
        )
    return Quantity(
        value=value,
        low=low,
        high=high,
        provenance="measured",
        source=source,
        unit="share of those who reach the step",
    )


def gaps(log: CaseLog) -> pl.DataFrame:
    """One row per wait since a contact: case, turn, days, lost.

    A contact is a complete event of `log.contacts`, or of any activity that ends neither the
    case nor an offer. `days` are from the contact to the next one or to the end, `lost` says
    that the wait ended with the customer leaving (not by the clock). Contacts in the last hour
    of a closed case are part of its end: that is the call in which the customer says no.
    """
    wanted = (
        pl.col("activity").is_in(log.section.contacts)
        if log.section.contacts
        else ~pl.col("activity").is_in(_ending(log))
    )
    ends_here = (pl.col("outcome") != OPEN) & (
        pl.col("stop") - pl.col("time") < pl.duration(hours=1)
    )
    following = pl.col("time").shift(-1).over("case")
    gone = (pl.col("outcome") == CANCELLED) & ~pl.col("by_clock")
    return (
        with_turn(log)
        .filter((pl.col("lifecycle") == "complete") & wanted & ~ends_here)
        .select(
            "case",
            "turn",
            days=_days(following.fill_null(pl.col("stop")) - pl.col("time")),
            lost=following.is_null() & gone,
        )
    )


def _ending(log: CaseLog) -> list[str]:
    section = log.section
    ends = {*section.ends.accepted, *section.ends.declined, *section.ends.cancelled}
    if section.offer is not None:
        offer = section.offer
        ends |= {offer.accepted, offer.cancelled, offer.declined or offer.accepted}
    return sorted(ends)


@dataclass(frozen=True, slots=True)
class DailyHazard:
    """The hazard of leaving on one day of waiting, among those still waiting that morning."""

    day: int
    at_risk: float
    lost: int
    hazard: float
    low: float
    high: float


def hazard_by_day(waits: pl.DataFrame, days: int) -> list[DailyHazard]:
    """Discrete-time hazard of leaving by whole days since the last contact, Wilson intervals.

    `waits` as from `gaps`. Waits that end otherwise during a day count as half a day at risk
    (the actuarial correction).
    """
    length, lost = waits["days"].to_numpy(), waits["lost"].to_numpy()
    day = np.floor(length).astype(np.int64)
    waiting = (length.size - np.searchsorted(np.sort(day), np.arange(days))).astype(np.float64)
    left = np.bincount(day[lost], minlength=days)[:days].astype(np.float64)
    otherwise = np.bincount(day[~lost], minlength=days)[:days].astype(np.float64)
    at_risk = waiting - otherwise / 2
    low, high = wilson(left, at_risk)
    hazard = np.divide(left, at_risk, out=np.zeros(days), where=at_risk > 0)
    return [
        DailyHazard(
            d, float(at_risk[d]), int(left[d]), float(hazard[d]), float(low[d]), float(high[d])
        )
        for d in range(days)
    ]


def hazard_per_day(
    waits: pl.DataFrame, source: str, first_day: float = 0.0, last_day: float | None = None
) -> Quantity:
    """People who leave per day of waiting, exact Poisson interval; `waits` has days and lost.

    Only waiting between `first_day` and `last_day` counts. Who says no at the first contact has
    not waited, so an analyst may begin after a day; a lender that closes silent cases by the
    calendar sees its own patience from then on, so an analyst ends before it.
    """
    length = waits["days"].to_numpy()
    end = np.inf if last_day is None else last_day
    inside = waits["lost"].to_numpy() & (length >= first_day) & (length < end)
    exposure = np.array(np.clip(np.minimum(length, end) - first_day, 0.0, None).sum())
    events = np.array(float(inside.sum()))
    low, high = poisson_rate(events, exposure)
    if not exposure > 0:
        raise BadInput(
            "there is no waiting in the log from which to measure a hazard",
            field="waiting.hazard_per_day",
            mend="name who waits for whom under log.waits_for, or declare it as assumed",
        )
    return Quantity(
        value=float(events / exposure),
        low=float(low),
        high=float(high),
        provenance="measured",
        source=f"{source}, {int(events)} left in {float(exposure):.0f} days of waiting",
        unit="per day",
    )


def _days(duration: pl.Expr) -> pl.Expr:
    return duration.dt.total_microseconds() / (SECONDS_A_DAY * 1e6)
