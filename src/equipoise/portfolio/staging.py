"""The stage of every loan in every month, and why: significant increase, default, cure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.compiled import kernel

REASONS = ("performing", "past_due", "pd_rose", "forborne", "default", "curing", "probation")
_PERFORMING, _PAST_DUE, _PD_ROSE, _FORBORNE, _DEFAULT, _CURING, _PROBATION = range(7)


@dataclass(frozen=True, slots=True)
class StageRules:
    """When a loan moves between stages; days are days past due, months are of the calendar.

    Stage 2: more than `stage2_days`, or a PD of at least `pd_ratio` times and at least `pd_rise`
    above the one at origination, and of at least `low_pd` (all have to hold). Stage 3: more than
    `stage3_days`. A loan leaves stage 3 after `cure_months` in a row without default and not past
    due by `stage2_days`, and stays in stage 2 for `probation_months` from then, begun again where
    it is late meanwhile. A loan is expected to be called forborne for `forborne_months` from when
    it was, or last was late. All are at least 1.
    """

    stage2_days: int = 30
    stage3_days: int = 90
    pd_ratio: float = np.inf
    pd_rise: float = 0.0
    low_pd: float = 0.0
    cure_months: int = 3
    probation_months: int = 12
    forborne_months: int = 24

    def in_steps(self, months: int) -> StageRules:
        """The same rules where rows of a loan are so many months apart: a time that ends between
        two rows ends with the later one."""
        return replace(
            self,
            cure_months=ceil(self.cure_months / months),
            probation_months=ceil(self.probation_months / months),
            forborne_months=ceil(self.forborne_months / months),
        )

    def rises_to(self, pd_at_origination: FloatArray) -> FloatArray:
        """The PD from which on it has risen; infinite where the one at origination is not told."""
        if np.isinf(self.pd_ratio):
            return np.full(pd_at_origination.shape, np.inf)
        ratio, points = self.pd_ratio * pd_at_origination, self.pd_rise + pd_at_origination
        threshold = np.maximum(np.maximum(ratio, points), self.low_pd)
        return np.where(np.isnan(pd_at_origination), np.inf, threshold)


@dataclass(frozen=True, slots=True)
class Stages:
    """(n,) by row of the panel: `stage` is 1, 2 or 3; `reason` a place in REASONS.

    `watched` are the months that it stays in stage 2 from then where it is never late (0: nothing
    but its days and its PD hold it), and `again` those it begins with again where it is.
    """

    stage: IntArray
    reason: IntArray
    watched: IntArray
    again: IntArray


def stages(
    loan: IntArray,
    days: IntArray,
    rules: StageRules,
    *,
    impaired: IntArray | None = None,
    forborne: IntArray | None = None,
    pd: FloatArray | None = None,
    pd_at_origination: FloatArray | None = None,
) -> Stages:
    """The stage of each row of a panel ordered by loan and month, all columns (n,).

    `loan` numbers the loans, `days` are days past due; `impaired` and `forborne` are 1 where it is
    known apart from the days. PDs are for one year; without them, or where one is NaN, no rise is
    looked for. Source: IFRS 9 5.5.10, 5.5.11 and B5.5.37, rebuttable; cure and probation are the
    lender's.
    """
    n = loan.size
    no = np.zeros(n, dtype=np.int64)
    rose = no
    if pd is not None and pd_at_origination is not None:
        rose = (pd >= rules.rises_to(pd_at_origination)).astype(np.int64)
    signs = np.stack(
        [no if impaired is None else impaired, no if forborne is None else forborne, rose], axis=1
    )
    numbers = np.array(
        [rules.stage2_days, rules.stage3_days, rules.cure_months, rules.probation_months,
         rules.forborne_months],
        dtype=np.int64,
    )  # fmt: skip
    results = np.empty((4, n), dtype=np.int64)
    _walk(loan, days, signs, numbers, results)
    return Stages(*results)


@kernel
def _walk(
    loan: IntArray, days: IntArray, signs: IntArray, rules: IntArray, results: IntArray
) -> None:
    """Write what `Stages` has (4, n); `signs` (n, 3): impaired, forborne, PD rose."""
    stage, reason = results[0], results[1]
    stage2_days, stage3_days, cure, probation, forbearance = rules
    # months still to go in stage 3, in stage 2 behind it, and called forborne
    curing = watched = helped = 0
    for at in range(loan.size):
        if at == 0 or loan[at] != loan[at - 1]:
            curing = watched = helped = 0
        late = days[at] > stage2_days
        helped = _helped(helped, signs[at, 1], late, forbearance)
        if days[at] > stage3_days or signs[at, 0] == 1:
            stage[at], reason[at] = 3, _DEFAULT
            curing, watched = cure, probation
        elif curing > 0:
            curing = cure if late else curing - 1
            if curing > 0:
                stage[at], reason[at] = 3, _CURING
            else:
                stage[at], reason[at] = 2, _PROBATION
        elif late:
            stage[at], reason[at] = 2, _PAST_DUE
            watched = probation if watched > 0 else 0
        elif signs[at, 1] == 1:
            stage[at], reason[at] = 2, _FORBORNE
            watched = max(watched - 1, 0)
        elif watched > 1:
            watched -= 1
            stage[at], reason[at] = 2, _PROBATION
        elif signs[at, 2] == 1:
            stage[at], reason[at] = 2, _PD_ROSE
            watched = 0
        else:
            stage[at], reason[at] = 1, _PERFORMING
            watched = 0
        results[2, at] = max(watched, helped)
        results[3, at] = forbearance if helped > watched else probation


@kernel
def _helped(before: int, forborne: int, late: bool, forbearance: int) -> int:
    """Months that a loan is still called forborne after this one; at least 1 where it is now."""
    if forborne == 0:
        return 0
    if before == 0 or late:
        return forbearance
    return max(before - 1, 1)
