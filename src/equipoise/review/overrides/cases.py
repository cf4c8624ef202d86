"""Decisions of people against the strategy's, what became of them, and of loans like them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from equipoise.authority import Override
from equipoise.errors import BadInput, did_you_mean
from equipoise.numeric.arrays import Array, BoolArray, FloatArray
from equipoise.review.columns import as_days, as_numbers, needed, no_gaps, refuse
from equipoise.risk.maturity import Outcomes

COLUMNS = (
    "application_id",
    "officer_id",
    "level",
    "machine",
    "person",
    "reason",
    "expected_bad",
    "on",
)
ANSWERS = ("approve", "decline")
GOOD, BAD, OPEN = "good", "bad", "open"
OUTCOMES = (GOOD, BAD, OPEN)
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Worth:
    """What a loan earns and loses, as shares of its amount over the window.

    `loss` is lost of a loan that goes bad. `margin` is earned on one that stays good; where None,
    it follows from the model's expected profit of each case.
    """

    loss: float
    margin: float | None = None

    def __post_init__(self) -> None:
        for name, value in (("loss", self.loss), ("margin", self.margin)):
            if value is not None and not 0 < value <= 10:
                raise BadInput(
                    f"'{name}' is a share of the amount above 0, got {value}",
                    field=name,
                    mend="as 0.45",
                )


@dataclass(frozen=True, slots=True)
class Cases:
    """People's decisions, all (n,): who, why, against what, and the outcome where there is one.

    `known` are final within the window. `months` is the month of the outcome, or those watched so
    far; `follow_up` those that an outcome had time to show in, at most the window; 0 where nothing
    was lent. `if_good` and `if_bad` are money earned and lost; `earned` what a loan is known to
    have brought, NaN unless given; all NaN where nothing says what a loan is worth.
    """

    person: Array
    reason: Array
    level: Array
    grade: Array
    agrees: BoolArray
    approved: BoolArray
    pd: FloatArray
    months: FloatArray
    bad: BoolArray
    closed: BoolArray
    follow_up: FloatArray
    if_good: FloatArray
    if_bad: FloatArray
    earned: FloatArray

    def only(self, chosen: BoolArray) -> Cases:
        """Those chosen (n,)."""
        return Cases(*(getattr(self, name)[chosen] for name in self.__slots__))

    @property
    def size(self) -> int:
        return int(self.pd.size)

    @property
    def outcomes(self) -> Outcomes:
        """The same as the room of risk has outcomes: those repaid early are closed."""
        return Outcomes(self.months, self.bad, self.closed)


def override_frame(overrides: Iterable[Override]) -> pl.DataFrame:
    """A table of decisions as `read_cases` takes it, without amounts: no money is told of it."""
    schema: dict[str, Any] = dict.fromkeys(COLUMNS, pl.String)
    schema |= {"expected_bad": pl.Float64, "on": pl.Date}
    rows = [{name: getattr(each, name) for name in COLUMNS} for each in overrides]
    return pl.DataFrame(rows, schema=schema)


def read_cases(
    decisions: pl.DataFrame,
    outcomes: pl.DataFrame,
    *,
    until: date,
    horizon: int,
    worth: Worth | None = None,
    file: str = "",
    outcome_file: str = "",
) -> Cases:
    """Decisions joined to their outcomes, checked.

    `decisions` has the fields of `Override` and may have `amount`, `expected_profit` (money of the
    loan by the model, over the window) and `grade`. `outcomes` has `application_id`, `outcome`
    (good and final, bad, open) and `months` (until bad, repaid, or watched so far); it may have
    `profit`, what a loan that is final brought. A loan without an outcome is open at 0 months.
    Raises BadInput with file, column and row.
    """
    needed(decisions, COLUMNS, file)
    _one_each(decisions, file)
    texts = {n: decisions[n].cast(pl.String) for n in ("officer_id", "level")}
    for column in texts.values():
        no_gaps(column, file)
    machine, person = (_one_of(decisions[n], ANSWERS, file) for n in ("machine", "person"))
    reason = decisions["reason"].cast(pl.String).fill_null("")
    agrees = machine == person
    refuse(~agrees & (reason == ""), reason, "and decides otherwise", "give the reason", file)
    refuse(agrees & (reason != ""), reason, "and both decide the same", "leave it out", file)
    pd = as_numbers(decisions["expected_bad"], file)
    no_gaps(pd, file)
    refuse((pd < 0) | (pd > 1), pd, "no share from 0 to 1", "give the model's PD", file)
    on = as_days(decisions["on"], file)
    refuse(on > until, on, f"after {until}, when outcomes were read", "look later", file)
    approved = person == "approve"
    joined = _joined(decisions, outcomes, approved, outcome_file)
    outcome = joined["outcome"].fill_null(OPEN)
    months = np.minimum(joined["months"].fill_null(0.0).to_numpy(), float(horizon))
    bad = (outcome == BAD).to_numpy() & (joined["months"].fill_null(0.0).to_numpy() <= horizon)
    closed = (outcome == GOOD).to_numpy()
    if_good, if_bad = _worth(decisions, pd.to_numpy(), worth, file)
    return Cases(
        person=texts["officer_id"].to_numpy(),
        reason=reason.to_numpy(),
        level=texts["level"].to_numpy(),
        grade=_grades(decisions).to_numpy(),
        agrees=agrees.to_numpy(),
        approved=approved.to_numpy(),
        pd=pd.to_numpy(),
        months=months,
        bad=bad,
        closed=closed,
        follow_up=_follow_up(on, until, months, bad | closed, horizon),
        if_good=if_good,
        if_bad=if_bad,
        earned=joined["profit"].to_numpy(),
    )


def read_accepted(accepted: pl.DataFrame, file: str = "") -> dict[str, Outcomes]:
    """Outcomes of loans that strategy and people both granted, by grade: `grade`, `outcome`,
    `months` as above. Raises BadInput."""
    needed(accepted, ("grade", "outcome", "months"), file)
    grade = _grades(accepted)
    no_gaps(grade, file)
    kinds, months = _seen(accepted, file)
    bad, closed = ((kinds == kind).to_numpy() for kind in (BAD, GOOD))
    names, spent = grade.to_numpy(), months.to_numpy()
    return {
        str(name): Outcomes(spent[names == name], bad[names == name], closed[names == name])
        for name in grade.unique().sort()
    }


def _joined(
    decisions: pl.DataFrame, outcomes: pl.DataFrame, approved: pl.Series, file: str
) -> pl.DataFrame:
    needed(outcomes, ("application_id", "outcome", "months"), file)
    _one_each(outcomes, file)
    kinds, months = _seen(outcomes, file)
    profit = pl.Series("profit", [None] * outcomes.height, dtype=pl.Float64)
    if "profit" in outcomes.columns:
        profit = as_numbers(outcomes["profit"], file)
    known = pl.DataFrame(
        {
            "application_id": outcomes["application_id"].cast(pl.String),
            "outcome": kinds,
            "months": months,
            "profit": profit.fill_null(NAN),
        }
    )
    ids = decisions["application_id"].cast(pl.String)
    refuse(
        known["application_id"].is_in(ids.filter(~approved).implode()),
        known["application_id"],
        "an application that a person declined: no loan of it has an outcome",
        "leave it out, or give the decision that lent after all",
        file,
    )
    joined = ids.to_frame().join(known, on="application_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("profit").fill_null(NAN))


def _seen(frame: pl.DataFrame, file: str) -> tuple[pl.Series, pl.Series]:
    months = as_numbers(frame["months"], file)
    no_gaps(months, file)
    refuse(months < 0, months, "less than no month", "count from the day of the loan", file)
    return _one_of(frame["outcome"], OUTCOMES, file), months


def _one_each(frame: pl.DataFrame, file: str) -> None:
    ids = frame["application_id"].cast(pl.String)
    no_gaps(ids, file)
    refuse(ids.is_duplicated(), ids, "more than once", "give one row to an application", file)


def _one_of(column: pl.Series, known: tuple[str, ...], file: str) -> pl.Series:
    text = column.cast(pl.String)
    no_gaps(text, file)
    odd = text.filter(~text.is_in(known))
    mend = did_you_mean(str(odd[0]), known) if odd.len() else ""
    refuse(~text.is_in(known), text, "none of these", mend, file)
    return text


def _grades(frame: pl.DataFrame) -> pl.Series:
    if "grade" in frame.columns:
        return frame["grade"].cast(pl.String)
    return pl.Series("grade", [None] * frame.height, dtype=pl.String)


def _follow_up(
    on: pl.Series, until: date, months: FloatArray, final: BoolArray, horizon: int
) -> FloatArray:
    """Whole months that an outcome had time to show in; of an open loan, those watched."""
    since = (until.year - on.dt.year()) * 12 + (until.month - on.dt.month())
    whole = (since - (on.dt.day() > until.day).cast(pl.Int32)).to_numpy().astype(np.float64)
    spent = np.where(final, np.maximum(whole, np.ceil(months)), np.floor(months))
    return np.asarray(np.minimum(spent, float(horizon)))


def _worth(
    decisions: pl.DataFrame, pd: FloatArray, worth: Worth | None, file: str
) -> tuple[FloatArray, FloatArray]:
    """Money earned where a loan stays good and lost where it goes bad; NaN where not known."""
    unknown = np.full(pd.size, NAN)
    if worth is None:
        return unknown, unknown
    needed(decisions, ("amount",), file)
    amount = as_numbers(decisions["amount"], file)
    no_gaps(amount, file)
    refuse(amount <= 0, amount, "no amount of a loan", "give what was asked for or lent", file)
    lost = worth.loss * amount.to_numpy()
    if worth.margin is not None:
        return worth.margin * amount.to_numpy(), lost
    needed(decisions, ("expected_profit",), file)
    expected = as_numbers(decisions["expected_profit"], file)
    no_gaps(expected, file)
    return (expected.to_numpy() + pd * lost) / np.maximum(1 - pd, 1e-9), lost
