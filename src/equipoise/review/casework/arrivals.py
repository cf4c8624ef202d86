"""Cases that ask for a decision: a frame of real ones, those of a strategy, or a synthetic flow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

import numpy as np
import polars as pl
from pydantic import Field, field_validator

from equipoise.documents import Document
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.experience.calendar import WEEKDAYS, BusinessCalendar
from equipoise.numeric.arrays import FloatArray
from equipoise.review.casework.worktime import local_midnight

NEEDED = ("arrived_at", "amount", "grade")
# what numbers a flow may have, the least and the most of each, and whether the least is excluded
NUMBERS = {
    "minutes": (0.0, np.inf, False),
    "stake": (0.0, np.inf, False),
    "chance": (0.0, 1.0, False),
    "expected": (0.0, np.inf, True),
    "promised": (0.0, np.inf, True),
}
OFFICE, EVENING, NIGHT = 1.0, 0.4, 0.05
HOURLY = (*[NIGHT] * 7, EVENING, *[OFFICE] * 10, *[EVENING] * 4, *[NIGHT] * 2)


class Flow(Protocol):
    """Whatever gives a frame of cases for a calendar and a generator."""

    def draw(self, calendar: BusinessCalendar, rng: np.random.Generator) -> pl.DataFrame:
        """A frame as `checked_flow` takes it."""


class SyntheticFlow(Document):
    """Arrivals that vary by hour and day, with amounts, grades and exceptions drawn apart.

    `per_day` is the mean on a day that the lender is open; `closed` scales days on which it is
    not. `hourly` are 24 relative rates by local hour. Amounts are lognormal around the median.
    `exceptions` gives the share of cases that carry each code.
    """

    per_day: float = Field(gt=0)
    days: int = Field(default=60, ge=1, le=3660)
    start: date = date(2026, 1, 5)
    closed: float = Field(default=0.3, ge=0)
    hourly: tuple[float, ...] = HOURLY
    median_amount: float = Field(default=12_000, gt=0)
    amount_spread: float = Field(default=0.8, ge=0)
    grades: dict[str, float] = Field(default={"A": 0.4, "B": 0.35, "C": 0.25}, min_length=1)
    products: dict[str, float] = Field(default_factory=dict)
    exceptions: dict[str, float] = Field(default_factory=dict)

    @field_validator("hourly")
    @classmethod
    def _a_whole_day(cls, hourly: tuple[float, ...]) -> tuple[float, ...]:
        if len(hourly) != 24 or min(hourly) < 0 or sum(hourly) <= 0:
            raise ValueError("`hourly` needs 24 rates, none negative, not all 0")
        return hourly

    def draw(self, calendar: BusinessCalendar, rng: np.random.Generator) -> pl.DataFrame:
        """One flow: a Poisson count in each hour, spread evenly within it."""
        arrived = self._arrivals(calendar, rng)
        size = arrived.size
        frame = pl.DataFrame(
            {
                "arrived_at": pl.Series((arrived * 1e6).astype(np.int64)).cast(
                    pl.Datetime("us", "UTC")
                ),
                "amount": self.median_amount
                * np.exp(self.amount_spread * rng.standard_normal(size)),
                "grade": _pick(self.grades, size, rng),
            }
        )
        if self.products:
            frame = frame.with_columns(product=_pick(self.products, size, rng))
        return frame.with_columns(exceptions=self._codes(size, rng))

    def _codes(self, size: int, rng: np.random.Generator) -> pl.Expr:
        carried = [
            pl.when(pl.Series(rng.random(size) < share)).then(pl.lit(code))
            for code, share in sorted(self.exceptions.items())
        ]
        if not carried:
            return pl.lit([], pl.List(pl.String))
        return pl.concat_list(carried).list.drop_nulls()

    def _arrivals(self, calendar: BusinessCalendar, rng: np.random.Generator) -> FloatArray:
        days = [self.start + timedelta(days=k) for k in range(self.days)]
        midnight = np.array([local_midnight(calendar, day) for day in days])
        hourly = np.array(self.hourly) / sum(self.hourly) * self.per_day
        is_open = np.array(
            [
                bool(calendar.hours.get(WEEKDAYS[d.weekday()])) and d not in calendar.holidays
                for d in days
            ]
        )
        rates = np.where(is_open, 1.0, self.closed)[:, None] * hourly
        counts = rng.poisson(rates).ravel()
        starts = (midnight[:, None] + 3600.0 * np.arange(24)).ravel()
        moments = np.repeat(starts, counts) + 3600.0 * rng.random(int(counts.sum()))
        return np.sort(moments)


def _pick(shares: dict[str, float], size: int, rng: np.random.Generator) -> pl.Series:
    weights = np.array(list(shares.values()))
    chosen = rng.choice(len(shares), size, p=weights / weights.sum())
    return pl.Series(list(shares), dtype=pl.String).gather(chosen)


def checked_flow(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame, sorted by arrival, with every column in place.

    Needs `arrived_at` (datetime; without a zone it is UTC), `amount` and `grade`; may have
    `product`, `exceptions` (lists of codes), `person` (a strategy referred it, so `system` may
    not take it) and `minutes` (work of each signature). A desk that orders by value also needs
    `stake` (money between the machine's answer and the other), `chance` (that a person changes
    the answer), and may have `expected` (minutes of each signature that it reckons with) and
    `promised` (business hours until the answer); one whose answers are judged needs `stake` and
    `wrong` (the machine is), and may have `kind`. Raises BadInput naming column and row.
    """
    for name in NEEDED:
        if name not in frame.columns:
            raise BadInput(
                f"the flow has no column '{name}'",
                field=name,
                mend=did_you_mean(name, frame.columns),
            )
    if not frame.height:
        raise BadInput("the flow has no cases", mend="give at least one")
    if not isinstance(frame.schema["arrived_at"], pl.Datetime):
        raise BadInput(
            f"arrived_at is {frame.schema['arrived_at']}, not a time",
            field="arrived_at",
            mend="give a column of datetimes",
        )
    _refuse_bad_rows(frame)
    arrived = pl.col("arrived_at").dt.cast_time_unit("us")
    return frame.select(
        arrived=arrived.dt.timestamp("us").cast(pl.Float64) / 1e6,
        amount=pl.col("amount").cast(pl.Float64),
        grade=pl.col("grade").cast(pl.String),
        product=_or_null(frame, "product", pl.String),
        exceptions=_or_null(frame, "exceptions", pl.List(pl.String)).fill_null([]),
        person=_or_null(frame, "person", pl.Boolean).fill_null(value=False),
        kind=_or_null(frame, "kind", pl.String),
        wrong=_or_null(frame, "wrong", pl.Boolean),
        **{name: _or_null(frame, name, pl.Float64) for name in NUMBERS},
    ).sort("arrived", maintain_order=True)


def _or_null(frame: pl.DataFrame, name: str, kind: pl.DataType | type[pl.DataType]) -> pl.Expr:
    return pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, kind)


def _refuse_bad_rows(frame: pl.DataFrame) -> None:
    bad = [("arrived_at", pl.col("arrived_at").is_null(), "is missing")]
    for name, (least, most, above) in NUMBERS.items():
        if name in frame.columns:
            number = pl.col(name).cast(pl.Float64)
            enough = number > least if above else number >= least
            wrong = ~(number.is_finite() & enough & (number <= most)).fill_null(value=True)
            bad.append((name, wrong, f"is not {_meant(least, most, above)}"))
    for name, condition, words in bad:
        rows = frame.select(condition.arg_true()).to_series()
        if rows.len():
            row = int(rows[0]) + 1
            raise BadInput(f"{name} {words}", where=Span("flow", row=row), field=name)


def _meant(least: float, most: float, above: bool) -> str:
    if np.isfinite(most):
        return f"a number from {least:g} to {most:g}"
    return f"a number above {least:g}" if above else f"a number of {least:g} or more"


def flow_from_decisions(decisions: pl.DataFrame, ignore: tuple[str, ...] = ()) -> pl.DataFrame:
    """A strategy's decisions as a flow: what it approved or referred, with what it referred for.

    Needs `arrived_at`, `amount`, `grade`, `outcome` and `reasons` (lists of codes). Reasons named
    in `ignore` are no exceptions: those that only say that the amount is above the system's.
    """
    for name in (*NEEDED, "outcome", "reasons"):
        if name not in decisions.columns:
            raise BadInput(
                f"the decisions have no column '{name}'",
                field=name,
                mend=did_you_mean(name, decisions.columns),
            )
    referred = pl.col("outcome") == "refer"
    codes = pl.col("reasons").list.eval(pl.element().filter(~pl.element().is_in(list(ignore))))
    above = pl.col("reasons").list.len() > codes.list.len()
    product = ["product"] if "product" in decisions.columns else []
    return decisions.filter(pl.col("outcome").is_in(["approve", "counter_offer", "refer"])).select(
        *NEEDED,
        *product,
        exceptions=pl.when(referred).then(codes).otherwise(pl.lit([], pl.List(pl.String))),
        person=referred & ~above,
    )
