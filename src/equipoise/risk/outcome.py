"""Which applications' outcomes are known for the PD's window, and how much each counts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from equipoise.contract import Contract
from equipoise.errors import BadInput, Span
from equipoise.expression import compile as compile_expression
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.risk.document import RiskDocument
from equipoise.risk.features import Where
from equipoise.risk.maturity import Outcomes, maturity_curve, window_weights

MOST = 0.8
RESOLVED_NOTE = (
    "the data hold resolved loans only: their bad rate is the share of bads among loans that have "
    "ended, which depends on how long they were watched, and is no probability of default; "
    "ranking can be judged on it, the level cannot"
)


@dataclass(frozen=True, slots=True)
class KnownOutcomes:
    """Bad in the window (n,), whether that is known (n,), and the weight in fitting (n,).

    `judged` (n,) marks rows fit to judge a model on: of a young month only the defaults are known
    and none of the goods, so that month can teach (by weights) but not test. `sample` (n,) are
    the contract's sample weights, which `weight` holds already.
    """

    bad: BoolArray
    known: BoolArray
    judged: BoolArray
    weight: FloatArray
    window_months: int | None
    notes: list[str] = field(default_factory=list)
    curve: list[float] = field(default_factory=list)  # share defaulted by month, where watched
    sample: FloatArray | None = None  # sample weights, of mean 1 over known rows

    def summary(self) -> dict[str, Any]:
        """Counts as plain data."""
        return {
            "window_months": self.window_months,
            "known": int(self.known.sum()),
            "judged": int(self.judged.sum()),
            "unknown": int((~self.known).sum()),
            "bads": int((self.bad & self.known).sum()),
            "maturity_curve": self.curve,
        }


def known_outcomes(
    document: RiskDocument, contract: Contract, frame: pl.DataFrame, where: Where | None = None
) -> KnownOutcomes:
    """Read the outcome as contract and risk.yaml say; no immature loan counts as a good one.

    Raises BadInput where months observed are given without a window, or nobody was watched for it.
    """
    return _weighed(_seen(document, contract, frame, where), contract, frame)


def _weighed(outcomes: KnownOutcomes, contract: Contract, frame: pl.DataFrame) -> KnownOutcomes:
    """The same with the contract's sample weights, scaled: only their proportions say anything."""
    if contract.weight is None or not outcomes.known.any():
        return outcomes
    sample = frame[contract.weight].cast(pl.Float64).to_numpy()
    sample = sample / sample[outcomes.known].mean()
    note = (
        f"each row counts by its sample weight '{contract.weight}' in models, validation, grades "
        f"and the level of the PD ({int(outcomes.known.sum()):,} rows weigh as "
        f"{kish(sample[outcomes.known]):,.0f} alike ones would); tables of counts and of stability "
        "count rows"
    )
    weight = outcomes.weight * sample
    return replace(outcomes, weight=weight, sample=sample, notes=[*outcomes.notes, note])


def kish(weight: FloatArray) -> float:
    """How many rows of equal weight tell as much (Kish 1965): the sum squared over the squares."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def _seen(
    document: RiskDocument, contract: Contract, frame: pl.DataFrame, where: Where | None
) -> KnownOutcomes:
    place = where or (lambda *_: Span("risk.yaml"))
    event = frame.select(contract.bad())["bad"]
    recorded = event.is_not_null().to_numpy()
    bad = event.fill_null(value=False).to_numpy()
    window = document.outcome.window_months or contract.target.window_months
    if contract.target.observed_months is not None:
        if window is None:
            raise BadInput(
                "months observed are given, but not the window that the PD is for",
                where=place("outcome", "window_months"),
                field="outcome.window_months",
                mend="add `outcome: {window_months: 12}`",
            )
        return _watched(document, contract, frame, (bad, recorded), window)
    notes = []
    if document.outcome.resolved_only:
        notes.append(RESOLVED_NOTE)
    elif window is None:
        notes.append("the outcome window is not declared: the PD is for the target's own window")
    return KnownOutcomes(bad & recorded, recorded, recorded, recorded.astype(float), window, notes)


def _watched(
    document: RiskDocument,
    contract: Contract,
    frame: pl.DataFrame,
    outcome: tuple[BoolArray, BoolArray],
    window: int,
) -> KnownOutcomes:
    bad, recorded = outcome
    months = frame[str(contract.target.observed_months)].cast(pl.Float64)
    recorded = recorded & months.is_not_null().to_numpy()
    watched = months.fill_null(0.0).to_numpy()
    name = document.outcome.default_month
    if name is None:
        known = recorded & (watched >= window)
        if not known.any():
            raise BadInput(
                f"no loan was watched for the whole window of {window} months",
                field=str(contract.target.observed_months),
                mend=f"shorten the window to {int(watched.max(initial=0))} months at most",
            )
        note = (
            f"{int((recorded & ~known).sum()):,} loans watched for under {window} months left out"
        )
        return KnownOutcomes(bad & known, known, known, known.astype(float), window, [note])
    at = frame[contract.field(name).name].cast(pl.Float64)
    defaulted = at.is_not_null().to_numpy() & recorded
    ends = np.where(defaulted, at.fill_null(0.0).to_numpy(), watched)
    closed = _closed(document, contract, frame) & ~defaulted & recorded
    loans = Outcomes(ends[recorded], defaulted[recorded], closed[recorded])
    in_window, weight = window_weights(loans, window)
    full_bad, full_weight = np.zeros(bad.size, dtype=bool), np.zeros(bad.size)
    full_bad[recorded], full_weight[recorded] = in_window, weight
    known = full_weight > 0
    note = (
        f"{int((recorded & ~known).sum()):,} young loans stand outside; known ones weigh for them"
    )
    curve = [float(share) for share in maturity_curve(loans, window)]
    judged = known & _watched_in_full(contract, frame, recorded, watched >= window)
    if judged.any():
        # the weights balance young bads against older goods over all months at once: a split by
        # time would tear them apart, so where months were watched in full, only those are used
        note = (
            f"{int((recorded & ~judged).sum()):,} loans of months not yet watched in full left out"
        )
        weight = judged.astype(float)
        return KnownOutcomes(full_bad & judged, judged, judged, weight, window, [note], curve)
    return KnownOutcomes(full_bad & known, known, known, full_weight, window, [note], curve)


def _watched_in_full(
    contract: Contract, frame: pl.DataFrame, given: BoolArray, long_enough: BoolArray
) -> BoolArray:
    """Loans of months in which loans were watched for the whole window.

    By month where dates are known, since a defaulted loan's own watching may end at its default.
    """
    if contract.date is None:
        return long_enough
    months = frame[contract.date].dt.truncate("1mo")
    by_month = pl.DataFrame({"month": months, "age": long_enough & given, "given": given})
    # the day of the month decides too: most of a month's loans must have reached the window
    share = (pl.col("age").sum() / pl.col("given").sum()).over("month")
    return by_month.select((share >= MOST).fill_null(value=False).alias("full"))["full"].to_numpy()


def _closed(document: RiskDocument, contract: Contract, frame: pl.DataFrame) -> BoolArray:
    text = document.outcome.closed
    if text is None:
        return np.zeros(frame.height, dtype=bool)
    each = compile_expression(text, contract.types())
    return frame.select(each.polars().alias("closed"))["closed"].fill_null(value=False).to_numpy()
