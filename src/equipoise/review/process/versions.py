"""Before a version and after it, with evidence that may be looked at every day.

Nobody was drawn by lot: whoever came after also came later, and the difference is that of the two
periods. A trial (`review.trials`) tells what the version itself does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from equipoise.errors import BadInput
from equipoise.experience.log import ACCEPTED, CANCELLED, CaseLog
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.numeric.intervals import normal_quantile
from equipoise.review.process.funnel import by_step, require_column
from equipoise.review.process.share import Share
from equipoise.review.process.stays import with_cases
from equipoise.review.trials.monitoring import LEAST
from equipoise.review.trials.planning import side_error
from equipoise.review.trials.sequences import boundary, tightest

Verdict = Literal["better", "worse", "open", "too_few"]
WHOLE = "accepted"


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One measure before and after: the drop-off of a step, or `accepted` of the whole journey.

    Shares of those whose window has passed. `difference` is after less before; `low` and `high`
    hold at every day since `first_look` and for all rows together. `found` is what could be said,
    and `since` the first day on which it could: once said, it stands.
    """

    measure: str
    higher_is_better: bool
    before: Share
    after: Share
    difference: float | None
    low: float | None
    high: float | None
    found: Verdict
    since: date | None
    first_look: date | None


def compare_versions(
    log: CaseLog,
    rows: pl.DataFrame,
    column: str,
    before: str,
    after: str,
    *,
    within_days: float,
    cases: pl.DataFrame | None = None,
    confidence: float = 0.95,
) -> list[VersionRow]:
    """A row per step, and one of the whole journey, for two values of a column of the cases.

    `rows` as from `stays`, with the column. A case counts once `within_days` have passed since it
    came to the step (or began), whatever it says before: bad news comes first. Left at a step, or
    accepted, is what happened within them. The shares of `before` stand still from the first look
    on, which is when LEAST of either kind are known of `after`; their error is that of one look,
    and that of `after` a confidence sequence, each with half of the error, so that both hold at
    any day. Days are of the log's calendar.

    Raises BadInput for columns and values that there are not, and a window that is not above zero.
    Source: `trials.sequences`, whose mixture is tightest where `after` is as many as `before`.
    """
    require_column(rows, column)
    if not 0 < within_days < float("inf"):
        raise BadInput(f"{within_days:g} days are no window", field="within_days", mend="give 30")
    values = set(rows[column].drop_nulls().cast(pl.String))
    for value in (before, after):
        if value not in values:
            raise BadInput(
                f"no case has '{value}' in the column '{column}'",
                field=column,
                mend=f"its values: {', '.join(sorted(values)[:8])}",
            )
    if before == after:
        raise BadInput("a version cannot follow itself", field=column, mend="name two versions")
    known = list(_measured(log, rows, column, within_days, cases))
    error = side_error(confidence, len(known))
    zone = log.section.calendar.time_zone
    return [
        _row(name, name == WHOLE, _by_version(each, column, (before, after), zone), error)
        for name, each in known
    ]


def _measured(
    log: CaseLog, rows: pl.DataFrame, column: str, window: float, cases: pl.DataFrame | None
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each measure: column, known (when its window has passed), yes; of windows that have."""
    until = log.events["time"].max()
    wait = pl.duration(microseconds=round(window * 86_400e6))

    def of(frame: pl.DataFrame, begin: str, yes: pl.Expr) -> pl.DataFrame:
        return frame.select(column, known=pl.col(begin) + wait, yes=yes).filter(
            pl.col("known") <= pl.lit(until)
        )

    for step, part in by_step(rows):
        left = (pl.col("fate") == CANCELLED) & (pl.col("finish") <= pl.col("begin") + wait)
        yield step, of(part, "begin", left)
    versions = rows.select("case", column).unique("case", keep="first", maintain_order=True)
    whole = with_cases(log.cases, versions if cases is None else cases)
    took = (pl.col("outcome") == ACCEPTED) & (pl.col("stop") <= pl.col("start") + wait)
    yield WHOLE, of(whole, "start", took)


def _by_version(
    known: pl.DataFrame, column: str, names: tuple[str, str], zone: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """How many were known by the end of each day, and how many yes: before, after."""
    before, after = (
        known.filter(pl.col(column).cast(pl.String) == name)
        .group_by(day=pl.col("known").dt.convert_time_zone(zone).dt.date())
        .agg(n=pl.len().cast(pl.Int64), k=pl.col("yes").sum().cast(pl.Int64))
        .sort("day")
        .with_columns(pl.col("n", "k").cum_sum())
        for name in names
    )
    return before, after


def _row(
    name: str, higher: bool, known: tuple[pl.DataFrame, pl.DataFrame], error: float
) -> VersionRow:
    before, after = known
    enough = after.filter((pl.col("k") >= LEAST) & (pl.col("n") - pl.col("k") >= LEAST))
    look = enough["day"].min() if enough.height else None
    still = before if look is None else before.filter(pl.col("day") <= look)
    (n0, k0), (n1, k1) = (_last(still), _last(after))
    version = VersionRow(
        measure=name,
        higher_is_better=higher,
        before=Share.of(k0, n0),
        after=Share.of(k1, n1),
        difference=None,
        low=None,
        high=None,
        found="too_few",
        since=None,
        first_look=None,
    )
    if look is None or min(k0, n0 - k0) < LEAST:
        return version
    seen = after.filter(pl.col("day") >= look)
    yes, count = (seen[column].to_numpy().astype(np.float64) for column in ("k", "n"))
    difference, low, high = difference_sequence((k0, n0), yes, count, error)
    days = seen["day"].to_list()
    verdict, since = _verdict_since(low, high, days, higher)
    return replace(
        version,
        difference=float(difference[-1]),
        low=float(low[-1]),
        high=float(high[-1]),
        found=verdict,
        since=since,
        first_look=days[0],
    )


def _last(by_day: pl.DataFrame) -> tuple[int, int]:
    return (int(by_day["n"][-1]), int(by_day["k"][-1])) if by_day.height else (0, 0)


def difference_sequence(
    before: tuple[int, int], yes: FloatArray, count: FloatArray, error: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """After less before, and its bounds, by day: three arrays (days,) of shares.

    `before` is how many said yes of how many; `yes` of `count` (days,) by the end of each day
    after. `error` is the chance, on each side, that the bound is ever on the wrong side: at most,
    as each period takes half of it and their reaches are added up.
    """
    k0, n0 = before
    p0, p1 = k0 / n0, yes / count
    half = error / 2
    once = normal_quantile(1 - 2 * half) * np.sqrt(p0 * (1 - p0) / n0)
    always = boundary(tightest(half) * count / n0, half) * np.sqrt(p1 * (1 - p1) / count)
    return p1 - p0, p1 - p0 - once - always, p1 - p0 + once + always


def _verdict_since(
    low: FloatArray, high: FloatArray, days: list[date], higher: bool
) -> tuple[Verdict, date | None]:
    """The bad news, if the bounds ever gave it; else the good."""
    worse, better = (high < 0, low > 0) if higher else (low > 0, high < 0)
    answers: tuple[tuple[Verdict, BoolArray], ...] = (("worse", worse), ("better", better))
    for verdict, held in answers:
        if held.any():
            return verdict, days[int(np.argmax(held))]
    return "open", None
