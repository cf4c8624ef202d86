"""How long each step of the lender's work takes: queue, work, rework and who does it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.errors import BadInput, Span
from equipoise.experience.calendar import BusinessCalendar
from equipoise.experience.log import CaseLog

_GROUP = ("case", "activity")
_FEW = 0.01


@dataclass(frozen=True, slots=True)
class Sessions:
    """Matched events of every step.

    `queue`: case, activity, begin (schedule), end (first start after it). `work`: case,
    activity, resource, begin (start), end (complete). Both with `seconds` on the calendar and
    `business_seconds`. `unmatched` counts completes without a start; `negative` counts steps
    that were completed before they were started and are left out.
    """

    queue: pl.DataFrame
    work: pl.DataFrame
    unmatched: int
    negative: int


def sessions(log: CaseLog, calendar: BusinessCalendar) -> Sessions:
    """Pair schedule with start and start with complete, in time, within case and activity.

    A step that is started again after it was completed is a session of its own; the time
    between the two is neither queue nor work. Raises BadInput when more than one step in a
    hundred ends before it starts.
    """
    once = once_each(log.events)
    backward = once.filter(pl.col("backward"))
    if backward.height:
        first = backward.select("case", "activity").sort("case", "activity").row(0)
        refuse_backward(log.section.path, backward.height, once.height, first)
    queue, work = paired(log.events, calendar)
    completes = log.events.filter(
        (pl.col("lifecycle") == "complete")
        & pl.col("activity").is_in(work["activity"].unique().to_list())
    ).height
    return Sessions(queue, work, completes - work.height, backward.height)


def paired(events: pl.DataFrame, calendar: BusinessCalendar) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Queue and work of whole cases, as `Sessions` has them."""
    queue = _pairs(events, "schedule", "start")
    work = _pairs(events, "start", "complete")
    return _with_seconds(queue, calendar), _with_seconds(work, calendar)


def _pairs(events: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
    return (
        events.filter(pl.col("lifecycle").is_in([first, second]))
        .sort("case", "activity", "time", "row")
        .with_columns(
            begin=pl.col("time").shift(1).over(_GROUP),
            previous=pl.col("lifecycle").shift(1).over(_GROUP),
        )
        .filter((pl.col("lifecycle") == second) & (pl.col("previous") == first))
        .select("case", "activity", "resource", "begin", end=pl.col("time"))
    )


def once_each(events: pl.DataFrame) -> pl.DataFrame:
    """The steps that a case did once: case, activity, and whether they end before they start.

    Where a step was done more than once, events may be missing and no pair is certain.
    """
    is_start, is_complete = (pl.col("lifecycle") == kind for kind in ("start", "complete"))
    return (
        events.group_by(_GROUP)
        .agg(
            start=pl.col("time").filter(is_start).first(),
            complete=pl.col("time").filter(is_complete).first(),
            starts=is_start.sum(),
            completes=is_complete.sum(),
        )
        .filter((pl.col("starts") == 1) & (pl.col("completes") == 1))
        .select("case", "activity", backward=pl.col("complete") < pl.col("start"))
    )


def refuse_backward(path: str, backward: int, steps: int, first: tuple[str, str]) -> None:
    """Raises BadInput where more than one step in a hundred ends before it starts.

    `first` is case and activity of the first that does.
    """
    if backward > _FEW * max(steps, 1):
        case, activity = first
        raise BadInput(
            f"{backward} of {steps} steps end before they start; "
            f"the first is '{activity}' in case {case}",
            where=Span(path),
            field="time",
            mend="check that start and complete are not exchanged and share one time zone",
        )


def _with_seconds(pairs: pl.DataFrame, calendar: BusinessCalendar) -> pl.DataFrame:
    begin, end = (pairs[name].dt.epoch("us").to_numpy() for name in ("begin", "end"))
    return pairs.with_columns(
        seconds=pl.Series((end - begin) / 1e6, dtype=pl.Float64),
        business_seconds=pl.Series(calendar.business_seconds(begin, end), dtype=pl.Float64),
    )


def step_table(all_sessions: Sessions) -> pl.DataFrame:
    """One row per step: queue and work, median, 90th percentile and mean, and rework.

    Times are minutes, on the calendar and (`business`) within opening hours. `repeats` is the
    mean number of sessions after the first in a case, `repeated` the share of cases with any.
    The row with the most queue time in all comes first: that is the bottleneck.
    """
    rework = (
        all_sessions.work.group_by(_GROUP)
        .len()
        .group_by("activity")
        .agg(
            cases=pl.len(),
            sessions=pl.col("len").sum(),
            repeats=(pl.col("len") - 1).mean(),
            repeated=(pl.col("len") > 1).mean(),
        )
    )
    return (
        rework.join(_spread(all_sessions.work, "work"), on="activity", how="full", coalesce=True)
        .join(_spread(all_sessions.queue, "queue"), on="activity", how="full", coalesce=True)
        .sort(["queue_total_hours", "activity"], descending=[True, False], nulls_last=True)
    )


def _spread(pairs: pl.DataFrame, name: str) -> pl.DataFrame:
    def of(column: str, label: str) -> list[pl.Expr]:
        minutes = pl.col(column) / 60
        return [
            minutes.median().alias(f"{label}_median"),
            minutes.quantile(0.9, "linear").alias(f"{label}_p90"),
            minutes.mean().alias(f"{label}_mean"),
        ]

    return pairs.group_by("activity").agg(
        *of("seconds", name),
        *of("business_seconds", f"{name}_business"),
        _total_hours().alias(f"{name}_total_hours"),
        pl.len().alias(f"{name}_n"),
    )


def _total_hours() -> pl.Expr:
    """Added up in whole microseconds: what follows in order of it hangs on no order of adding."""
    return (pl.col("end") - pl.col("begin")).sum().dt.total_microseconds() / (3600 * 1e6)


def resource_table(all_sessions: Sessions) -> pl.DataFrame:
    """One row per resource: steps, cases, sessions and hours of work, most hours first.

    A session belongs to whoever completed it; sessions without a name are left out.
    """
    return (
        all_sessions.work.filter(pl.col("resource").is_not_null())
        .group_by("resource")
        .agg(
            steps=pl.col("activity").n_unique(),
            cases=pl.col("case").n_unique(),
            sessions=pl.len(),
            work_hours=_total_hours(),
            work_median=pl.col("seconds").median() / 60,
        )
        .sort(["work_hours", "resource"], descending=[True, False])
    )


def bottleneck(all_sessions: Sessions) -> tuple[str, float] | None:
    """The step with the most queue time in all, and its share of all queue time."""
    totals = all_sessions.queue.group_by("activity").agg(total=_total_hours())
    everything = float(totals["total"].sum()) if totals.height else 0.0
    if everything <= 0:
        return None
    name, total = totals.sort(["total", "activity"], descending=[True, False]).row(0)
    return str(name), float(np.float64(total) / everything)
