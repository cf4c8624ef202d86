"""A trial's outcomes: who was served by which arm on which day, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.numeric.arrays import FloatArray
from equipoise.review.columns import as_days, as_numbers, needed, no_gaps
from equipoise.strategy.exploring.split import CHAMPION


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of a trial: a column of numbers or of yes and no, empty where it was not seen.

    `tolerated` is how much worse it may get; None says that it must get better. `window_days` pass
    until it is known: before, a row does not count, whatever it says, since bad news comes first.
    Nothing is said before each arm has `least` outcomes.
    """

    name: str
    higher_is_better: bool
    tolerated: float | None = None
    window_days: int = 0
    least: int = 0


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One measure in one arm as it became known: cumulative sums at the end of each day.

    `count` of outcomes; the others are sums over them of w, w y, w^2, w^2 y and w^2 y^2, with
    weights of one over propensity.
    """

    count: FloatArray
    weight: FloatArray
    total: FloatArray
    square: FloatArray
    square_total: FloatArray
    square_squares: FloatArray

    @property
    def mean(self) -> FloatArray:
        """The mean by day, NaN before the first outcome."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.total / self.weight

    @property
    def variance(self) -> FloatArray:
        """Of the mean, by day."""
        mean = self.mean
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = self.square_squares - 2 * mean * self.square_total + mean**2 * self.square
            return np.asarray(np.maximum(spread, 0.0) / self.weight**2)


@dataclass(frozen=True, slots=True)
class Trial:
    """Rows of a trial: `arm`, `day`, `propensity`, and a column per measure, all checked."""

    frame: pl.DataFrame
    until: date

    @property
    def challengers(self) -> tuple[str, ...]:
        """Arms but the champion, by name."""
        return tuple(sorted(set(self.frame["arm"].unique()) - {CHAMPION}))

    def counts(self) -> dict[str, int]:
        """Applicants of each arm."""
        return {str(arm): int(count) for arm, count in self.frame["arm"].value_counts().iter_rows()}

    def known(self, measured: Measured) -> pl.DataFrame:
        """Rows whose outcome is known by now, with `known` (a day) and `y`."""
        column = pl.col(measured.name).cast(pl.Float64)
        known = pl.col("day") + timedelta(days=measured.window_days)
        return (
            self.frame.select("arm", "propensity", known=known, y=column)
            .filter(pl.col("y").is_not_null() & (pl.col("known") <= self.until))
            .sort("known")
        )

    def outcomes(
        self, measured: Measured, arms: Sequence[str]
    ) -> tuple[list[date], list[Outcomes]]:
        """Days on which outcomes of the arms became known, and each arm's sums by these days."""
        rows = self.known(measured).filter(pl.col("arm").is_in(list(arms)))
        days = rows["known"].unique().sort()
        return days.to_list(), [_summed(rows.filter(pl.col("arm") == arm), days) for arm in arms]


def _summed(rows: pl.DataFrame, days: pl.Series) -> Outcomes:
    weight, y = 1.0 / pl.col("propensity"), pl.col("y")
    sums = rows.group_by("known").agg(
        count=pl.len().cast(pl.Float64),
        weight=weight.sum(),
        total=(weight * y).sum(),
        square=(weight**2).sum(),
        square_total=(weight**2 * y).sum(),
        square_squares=(weight**2 * y**2).sum(),
    )
    whole = pl.DataFrame({"known": days}).join(sums, on="known", how="left").sort("known")
    names = Outcomes.__slots__
    return Outcomes(*(whole[n].fill_null(0.0).cum_sum().to_numpy() for n in names))


def read_trial(
    frame: pl.DataFrame,
    measures: Sequence[Measured],
    *,
    shares: Mapping[str, float] | None = None,
    until: date | None = None,
    file: str = "",
) -> Trial:
    """A trial from a table with `arm`, `day`, a column per measure, and `propensity` or `shares`.

    `until` is the day of the look, the last in the file unless given. Raises BadInput naming
    column and row.
    """
    where = Span(file)
    if not measures:
        raise BadInput("there is nothing to watch", field="measures", mend="name a guardrail")
    needed(frame, ("arm", "day", *(each.name for each in measures)), file)
    if not frame.height:
        raise BadInput("the trial has no applicant", where=where, mend="give one row to each")
    days = as_days(frame["day"], file)
    arms = _arms(frame["arm"], file)
    chances = _chances(frame, arms, shares, file)
    columns = [as_numbers(frame[each.name], file) for each in measures]
    rows = pl.DataFrame({"arm": arms, "day": days, "propensity": chances, **{
        each.name: column for each, column in zip(measures, columns, strict=True)
    }})  # fmt: skip
    last = until or days.max()
    assert isinstance(last, date)  # noqa: S101 - a column of dates without gaps
    return Trial(rows.filter(pl.col("day") <= last), last)


def _arms(column: pl.Series, file: str) -> pl.Series:
    arms = column.cast(pl.String)
    no_gaps(arms, file)
    names = set(arms.unique())
    if CHAMPION not in names or len(names) < 2:
        raise BadInput(
            f"the arms are {', '.join(sorted(names))}",
            where=Span(file),
            field="arm",
            mend="a trial has the arm 'champion' and at least one challenger",
        )
    return arms


def _chances(
    frame: pl.DataFrame, arms: pl.Series, shares: Mapping[str, float] | None, file: str
) -> pl.Series:
    if shares is not None:
        strange = sorted(set(arms.unique()) - set(shares))
        if strange:
            raise BadInput(
                f"arm '{strange[0]}' has no share",
                where=Span(file),
                field="arm",
                mend=did_you_mean(strange[0], shares) or "give its share",
            )
        chances = arms.replace_strict(dict(shares), return_dtype=pl.Float64)
    elif "propensity" in frame.columns:
        chances = as_numbers(frame["propensity"], file)
        no_gaps(chances, file)
    else:
        raise BadInput(
            "nothing says with what chance an arm served",
            where=Span(file),
            field="propensity",
            mend="give the column `propensity`, or the shares",
        )
    odd = ~((chances > 0) & (chances <= 1))
    if odd.any():
        row = int(odd.arg_max() or 0)
        raise BadInput(
            f"propensity {chances[row]!r} is no chance above 0",
            where=Span(file, row + 1),
            field="propensity",
            mend="it is a fraction, such as 0.1",
        )
    return chances
