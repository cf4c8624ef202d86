"""Who leaves, at which step and after how long a wait.

Cases still open when the log ends are censored: at risk until then, neither lost nor kept.
A decline is the lender's act, so it ends the time at risk and is no drop-off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.experience.competing import cumulative_incidence, log_log_interval
from equipoise.experience.log import ACCEPTED, CANCELLED, DECLINED, OPEN, CaseLog, in_days
from equipoise.experience.turns import first_offer, with_turn
from equipoise.numeric.arrays import IntArray
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
    return [
        drop_off_at(
            activity,
            dict(at_step.group_by("fate").len().iter_rows()),
            incidence_at_last(at_step),
            source,
        )
        for activity, at_step in at_steps(log, activities)
    ]


def at_steps(log: CaseLog, activities: Sequence[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """For each step who was there: case, fate (accepted where they went on), days until then.

    `begin` and `finish` are the moments between which those days lie.
    """
    entered = (
        log.events.join(log.cases, on="case", how="left")
        .filter(pl.col("activity").is_in(activities) & (pl.col("time") <= pl.col("stop")))
        .group_by("case", "activity")
        .agg(pl.col("time").min(), pl.col("stop").first(), pl.col("outcome").first())
        .join(first_offer(log), on="case", how="left")
        .with_columns(offered=pl.when(pl.col("offered") > pl.col("time")).then(pl.col("offered")))
    )
    for index, activity in enumerate(activities):
        yield activity, _one_step(entered, activity, activities[index + 1 :])


def _one_step(entered: pl.DataFrame, activity: str, later: Sequence[str]) -> pl.DataFrame:
    onward = (
        entered.filter(pl.col("activity").is_in(later))
        .group_by("case")
        .agg(on=pl.col("time").min())
    )
    until = pl.col("on").fill_null(pl.col("stop"))
    # someone already at a later step when this one first occurs has gone on at once
    return (
        entered.filter(pl.col("activity") == activity)
        .join(onward, on="case", how="left")
        .with_columns(on=pl.min_horizontal("on", "offered"))
        .select(
            "case",
            fate=pl.when(pl.col("on").is_not_null())
            .then(pl.lit(ACCEPTED))
            .otherwise(pl.col("outcome")),
            days=in_days(until - pl.col("time")).clip(0.0),
            begin=pl.col("time"),
            finish=pl.max_horizontal(until, "time"),
        )
    )


# of leaving and going on, as causes of an end; whom the lender declined is no longer watched
FATES = {OPEN: 0, DECLINED: 0, CANCELLED: 1, ACCEPTED: 2}


def incidence_at_last(at_step: pl.DataFrame) -> tuple[float, float] | None:
    """Incidence of leaving by the last end seen and its variance, of a frame as of `at_steps`."""
    cause = at_step["fate"].replace_strict(FATES, return_dtype=pl.Int64).to_numpy()
    curves = cumulative_incidence(at_step["days"].to_numpy(), cause, 2)
    if curves.times.size == 0:
        return None
    return float(curves.incidence[0, -1]), float(curves.variance[0, -1])


def drop_off_at(
    activity: str, fates: Mapping[str, int], left: tuple[float, float] | None, source: str
) -> StepDropOff:
    """The drop-off of a step, by how many had which fate.

    `left` is the incidence of leaving by the last end seen and its variance; None where nobody
    left or went on.
    """
    reached = sum(fates.values())
    return StepDropOff(
        activity=activity,
        reached=reached,
        went_on=fates.get(ACCEPTED, 0),
        lost=fates.get(CANCELLED, 0),
        declined=fates.get(DECLINED, 0),
        open=fates.get(OPEN, 0),
        drop_off=_incidence_of_leaving(left, reached, f"{source}, {reached} cases at the step"),
    )


def _incidence_of_leaving(left: tuple[float, float] | None, reached: int, source: str) -> Quantity:
    if left is None:
        value, low, high = 0.0, 0.0, 1.0
    elif not left[0] > 0:
        value = 0.0
        low, high = (float(end) for end in wilson(np.array(0.0), np.array(float(reached))))
    else:
        value, low, high = log_log_interval(*left)
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
            days=in_days(following.fill_null(pl.col("stop")) - pl.col("time")),
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
    day = np.minimum(np.floor(length), days).astype(np.int64)
    return hazards_of_days(
        np.bincount(day[lost], minlength=days + 1), np.bincount(day[~lost], minlength=days + 1)
    )


def hazards_of_days(gone: IntArray, others: IntArray) -> list[DailyHazard]:
    """`hazard_by_day` by how many waits ended on each day by leaving, and otherwise.

    The last of both counts those that went on longer.
    """
    days = gone.size - 1
    ended = gone + others
    waiting = (ended.sum() - np.cumsum(ended)[:-1] + ended[:-1]).astype(np.float64)
    left, otherwise = (each[:-1].astype(np.float64) for each in (gone, others))
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
    exposure = np.clip(np.minimum(length, end) - first_day, 0.0, None).sum()
    return hazard_of(float(inside.sum()), float(exposure), source)


def hazard_of(left: float, days: float, source: str) -> Quantity:
    """The hazard of so many who left in so many days of waiting. Raises BadInput without any."""
    events, exposure = np.array(left), np.array(days)
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
