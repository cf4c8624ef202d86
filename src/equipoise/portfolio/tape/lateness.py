"""How late a row's loan is and how it stands, by whatever tells it: words, counts, days."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from equipoise.portfolio.tape.document import ONCE, Role, Standing, Tape

_DEFAULT_OR_CURRENT: tuple[Standing, Standing] = ("default", "current")
STANDINGS: tuple[Standing, ...] = ("current", "late", "default", "written_off", "repaid")
NOT_TOLD = -1


def standing_told(tape: Tape, words: list[pl.Series], rows: int) -> tuple[pl.Series, pl.Series]:
    """Standing, and days past due that the words tell: of several words of a row the worst."""
    standing = pl.repeat(NOT_TOLD, rows, dtype=pl.Int8, eager=True)
    said = pl.repeat(NOT_TOLD, rows, dtype=pl.Int32, eager=True)
    known = {each.says: STANDINGS.index(each.means) for each in tape.statuses}
    late = {each.says: each.days for each in tape.statuses}
    for each in words:
        stands = each.replace_strict(known, default=NOT_TOLD, return_dtype=pl.Int8)
        days = each.replace_strict(late, default=NOT_TOLD, return_dtype=pl.Int32)
        standing = pl.select(pl.max_horizontal(standing, stands)).to_series()
        said = pl.select(pl.max_horizontal(said, days)).to_series()
    return standing.fill_null(NOT_TOLD), said.fill_null(NOT_TOLD)


def as_dated(values: Mapping[Role, pl.Series], months: pl.Series, standing: pl.Series) -> pl.Series:
    """The standing of loans whose days of default and of closing are told: current until then."""
    means: Standing
    for role in ONCE:
        if role not in values:
            continue
        means = "default" if role == "defaulted" else "repaid"
        come = (months_of(values[role]) <= months).fill_null(value=False)
        if role == "closed":  # a loan is closed when it is written off, too
            come = come & (standing < STANDINGS.index("default"))
        else:
            standing = pl.select(pl.max_horizontal(standing, pl.lit(0, pl.Int8))).to_series()
        reached = pl.lit(STANDINGS.index(means), pl.Int8)
        dated = pl.when(come).then(pl.max_horizontal(standing, reached)).otherwise(standing)
        standing = pl.select(dated).to_series()
    return standing


def as_flagged(values: Mapping[Role, pl.Series], standing: pl.Series) -> pl.Series:
    """The standing of loans of which a yes or no alone tells whether they are in default."""
    if "impaired" not in values or "defaulted" in values:
        return standing
    default, current = (pl.lit(STANDINGS.index(each), pl.Int8) for each in _DEFAULT_OR_CURRENT)
    flagged = pl.when(values["impaired"]).then(default).when(~values["impaired"]).then(current)
    return pl.select(pl.max_horizontal(standing, flagged)).to_series().fill_null(NOT_TOLD)


def _since(since: pl.Series, months: pl.Series, values: Mapping[Role, pl.Series]) -> pl.Series:
    """Days from when the oldest unpaid instalment was due to the row's day: the month's last where
    the row tells no day; 0 where nothing is unpaid."""
    told = values["month"] if "month" in values else pl.Series([None] * months.len(), dtype=pl.Date)
    rows = pl.DataFrame({"months": months, "told": told, "since": since})
    end = pl.date(pl.col("months") // 12, pl.col("months") % 12 + 1, 1).dt.month_end()
    as_of = pl.when(pl.col("told").dt.day() > 1).then(pl.col("told")).otherwise(end)
    days = (as_of - pl.col("since")).dt.total_days().clip(0).cast(pl.Int32)
    return rows.select(days.fill_null(0)).to_series()


def days_late(
    tape: Tape, values: Mapping[Role, pl.Series], months_told: pl.Series, said: pl.Series
) -> pl.Series:
    """Days past due, at least: of m months late, the first day that is so late (31 for two, or
    for one where the tape counts full months)."""
    days_late = said
    if "late_since" in values:
        since = _since(values["late_since"], months_told, values)
        days_late = pl.select(pl.max_horizontal(since, days_late)).to_series()
    if "months_late" in values:
        column, months = tape.column("months_late"), values["months_late"]
        unit = column.unit if column is not None else ""
        # of 1.23 instalments one is paid in part: two are late, and one whole
        begun = months.floor() if unit == "full_months" else months.ceil() - 1
        least = pl.when(months <= 0).then(0).otherwise(begun * (7 if unit == "weeks" else 30) + 1)
        days_late = pl.select(pl.coalesce(least.cast(pl.Int32), days_late)).to_series()
    if "days_late" in values:
        days = values["days_late"].clip(0).ceil().cast(pl.Int32, strict=False)
        days_late = pl.select(pl.coalesce(days, days_late)).to_series()
    return days_late.fill_null(NOT_TOLD)


def months_of(days: pl.Series) -> pl.Series:
    return days.dt.year().cast(pl.Int32) * 12 + days.dt.month().cast(pl.Int32) - 1
