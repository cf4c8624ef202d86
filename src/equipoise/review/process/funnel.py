"""The funnel: of those who came to a step, how many went on, left, did it again, and how long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl

from equipoise.documents import Quantity
from equipoise.errors import BadInput, did_you_mean
from equipoise.experience.competing import cumulative_incidence
from equipoise.experience.dropoff import drop_off_at, incidence_at_last
from equipoise.experience.log import ACCEPTED, CANCELLED, DECLINED, OPEN
from equipoise.experience.turns import CUSTOMER, LENDER
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.review.process.share import FEW, Share
from equipoise.review.process.stays import OURS

MOST_GROUPS = 50
UNKNOWN = "(not known)"
Party = Literal["customer", "lender"]


@dataclass(frozen=True, slots=True)
class Spread:
    """The time within which half and nine tenths leave a step in whatever way.

    None where so many were not seen to leave before the log ended, or fewer than FEW came.
    """

    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of everybody, or of the group `group` of column `by`.

    `came` is `went_on` + `lost` + `declined` + `open`. `going_on`, `dropping_off` are plain shares
    of those who came; `drop_off` is the probability of leaving as `step_drop_off` has it, declined
    and open ones censored. `rework` is the share who did the step more than once, of those who did
    it. `turn` says who had to act for most of the time, `lender_share` how much of it was the
    lender's. `calendar` is in days, `business` in open hours of the log's calendar.
    """

    step: str
    by: str | None
    group: str | None
    came: int
    went_on: int
    lost: int
    declined: int
    open: int
    going_on: Share
    dropping_off: Share
    drop_off: Quantity | None
    rework: Share
    turn: Party | None
    lender_share: float | None
    calendar: Spread
    business: Spread


def funnel(rows: pl.DataFrame, by: str | None = None, source: str = "event log") -> list[StepRow]:
    """A row per step, and per group of the column `by`; `rows` as from `stays`.

    `source` is where the drop-off says it is from. Groups follow their names, those of whom the
    column says nothing come last. Raises BadInput for a column that there is not or that has more
    than MOST_GROUPS values.
    """
    return [
        _row(step, by, group, part, source)
        for step, each in by_step(rows)
        for group, part in groups(each, by)
    ]


def by_step(rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """The stays of each step, in order."""
    for (_, step), part in rows.sort("place", maintain_order=True).group_by(
        ["place", "step"], maintain_order=True
    ):
        yield str(step), part


def groups(rows: pl.DataFrame, by: str | None) -> Iterator[tuple[str | None, pl.DataFrame]]:
    """The rows by the values of a column, written as text; all of them where it is None."""
    if by is None:
        yield None, rows
        return
    require_column(rows, by)
    named = rows.with_columns(_group=pl.col(by).cast(pl.String))
    values = named["_group"].unique()
    if len(values) > MOST_GROUPS:
        raise BadInput(
            f"the column '{by}' has {len(values)} values",
            field=by,
            mend=f"band it: at most {MOST_GROUPS} groups are told apart",
        )
    for value in sorted(values.drop_nulls().to_list()):
        yield value, named.filter(pl.col("_group") == value).drop("_group")
    if values.null_count():
        yield UNKNOWN, named.filter(pl.col("_group").is_null()).drop("_group")


def require_column(rows: pl.DataFrame, name: str) -> None:
    """Raises BadInput where the cases have no such column."""
    known = [each for each in rows.columns if each not in {"case", *OURS}]
    if name not in known:
        raise BadInput(
            f"the cases have no column '{name}'", field=name, mend=did_you_mean(name, known)
        )


def fates_of(rows: pl.DataFrame) -> dict[str, int]:
    """How many of them had which fate."""
    counted: Mapping[str, int] = dict(rows.group_by("fate").len().iter_rows())
    return {fate: int(counted.get(fate, 0)) for fate in (ACCEPTED, CANCELLED, DECLINED, OPEN)}


def drop_off_of(step: str, rows: pl.DataFrame, source: str) -> Quantity:
    """The probability of leaving at a step, of its stays, as `step_drop_off` reckons it."""
    return drop_off_at(step, fates_of(rows), incidence_at_last(rows), source).drop_off


def _row(step: str, by: str | None, group: str | None, rows: pl.DataFrame, source: str) -> StepRow:
    fates, came = fates_of(rows), rows.height
    done = rows["times"].drop_nulls()
    lender, customer = (float(rows[name].sum()) for name in ("lender_days", "customer_days"))
    known = came >= FEW and lender + customer > 0
    left = (rows["fate"] != OPEN).to_numpy()
    return StepRow(
        step=step,
        by=by,
        group=group,
        came=came,
        went_on=fates[ACCEPTED],
        lost=fates[CANCELLED],
        declined=fates[DECLINED],
        open=fates[OPEN],
        going_on=Share.of(fates[ACCEPTED], came),
        dropping_off=Share.of(fates[CANCELLED], came),
        drop_off=drop_off_of(step, rows, source) if came >= FEW else None,
        rework=Share.of(int((done > 1).sum()), len(done)),
        turn=_party(LENDER if lender >= customer else CUSTOMER) if known else None,
        lender_share=lender / (lender + customer) if known else None,
        calendar=_spread(rows["days"].to_numpy(), left),
        business=_spread(rows["business_hours"].to_numpy(), left),
    )


def _party(name: str) -> Party:
    return next(each for each in get_args(Party) if each == name)


def _spread(time: FloatArray, left: BoolArray) -> Spread:
    if time.size < FEW:
        return Spread(None, None)
    return Spread(quantile(time, left, 0.5), quantile(time, left, 0.9))


def quantile(time: FloatArray, left: BoolArray, share: float) -> float | None:
    """The time by which that share has left; (n,) times, and whether each ended or is censored.

    The first time at which the Kaplan-Meier curve has come down so far; None where it never does.
    Source: Kaplan and Meier 1958, JASA 53; here as the incidence of a single cause.
    """
    curve = cumulative_incidence(time, left.astype(np.int64), 1)
    gone = np.flatnonzero(1 - curve.survival >= share - 1e-12)
    return float(curve.times[gone[0]]) if gone.size else None


def lost_at(rows: pl.DataFrame, step: str) -> pl.DataFrame:
    """The people lost at a step, latest first, to win back: the stays of those who left there.

    Columns as of `stays`, without what is the same for all of them. `turn` says who had to act
    when they left, `by_clock` that the lender closed the case because nobody answered. Raises
    BadInput for a step that is not mapped.
    """
    known = rows["step"].unique().to_list()
    if step not in known:
        raise BadInput(
            f"'{step}' is no step of the map", field="step", mend=did_you_mean(step, known)
        )
    left = rows.filter((pl.col("step") == step) & (pl.col("fate") == CANCELLED))
    return left.sort(["finish", "case"], descending=[True, False]).drop(
        "step", "place", "fate", "outcome"
    )
