"""A verification step: what it costs the applicant and the lender, and what it reveals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.numeric.intervals import wilson


@dataclass(frozen=True, slots=True)
class Check:
    """A verification step: what it costs the applicant and the lender, and what it reveals."""

    name: str
    minutes: float  # median, of the applicant's time
    cost: float  # to the lender, in money, per applicant who reaches it
    drop_off: float  # share who leave at this step, 0..1
    sensitivity: float  # share of future defaulters it stops
    false_alarm: float  # share of good payers it stops
    underwriter_hours: float = 0.0  # per applicant who reaches it
    manual: bool = False  # whether a person does it
    questions: int = 0  # fields or documents the applicant is asked for

    def pass_rate(self, pd: FloatArray) -> FloatArray:
        """Share of those checked who pass, for each PD; any shape."""
        return (1 - pd) * (1 - self.false_alarm) + pd * (1 - self.sensitivity)

    def pd_given_pass(self, pd: FloatArray) -> FloatArray:
        """PD of those who pass, by Bayes; zero where nobody passes."""
        passing = self.pass_rate(pd)
        return np.divide(
            pd * (1 - self.sensitivity), passing, out=np.zeros_like(passing), where=passing > 0
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """What is left after checks in order: share who pass, their PD, share of good who pass."""

    pass_rate: FloatArray
    pd: FloatArray
    good_pass_rate: float


def passage(checks: Sequence[Check], pd: FloatArray) -> Passage:
    """Put applicants through checks in order; `pd` has any shape, the result has the same.

    Checks are taken as independent given whether the loan would default, so the order
    changes who meets a check and what that costs, not who passes all of them.
    """
    passing = np.ones_like(pd)
    good = 1.0
    for check in checks:
        passing = passing * check.pass_rate(pd)
        pd = check.pd_given_pass(pd)
        good *= 1 - check.false_alarm
    return Passage(passing, pd, good)


@dataclass(frozen=True, slots=True)
class MeasuredCheck:
    """What a check reveals, measured on applicants whose result was not acted upon."""

    sensitivity: Quantity
    false_alarm: Quantity


def measure_check(
    alarm: BoolArray, acted: BoolArray, default: BoolArray, source: str
) -> MeasuredCheck:
    """Sensitivity and false alarm from logged check results, with 95 % Wilson intervals.

    All arrays have one entry per applicant whose loan is mature: `alarm`, the check's result;
    `acted`, whether the result changed anything; `default`, the outcome. Only rows that were
    not acted upon are used: where an alarm led to a decline its outcome is unknown. The
    figures are unbiased when the rows left alone were chosen without regard to risk.
    Raises BadInput when no defaulter or no good payer is left.
    """
    left_alone = ~acted
    bad = left_alone & default
    good = left_alone & ~default
    for count, what in ((bad.sum(), "defaulted"), (good.sum(), "repaid")):
        if count == 0:
            raise BadInput(
                f"of the applicants whose check result was not acted upon, none {what}",
                mend="log some results without acting on them, or declare the figure as assumed",
            )
    return MeasuredCheck(
        sensitivity=_share(alarm[bad], f"{source}, {int(bad.sum())} defaulters not acted upon"),
        false_alarm=_share(alarm[good], f"{source}, {int(good.sum())} good payers not acted upon"),
    )


def _share(alarm: BoolArray, source: str) -> Quantity:
    hits, n = float(alarm.sum()), float(alarm.size)
    low, high = wilson(np.array(hits), np.array(n))
    return Quantity(
        value=hits / n, low=float(low), high=float(high), provenance="measured", source=source
    )
