"""What loans pay month by month: contractual, and with customers who repay early."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class CashFlows:
    """Money by month ahead (T,), of loans together: `interest`, `principal` (early repayment in
    it), and what is owed at each month's start."""

    interest: FloatArray
    principal: FloatArray
    owed: FloatArray

    @property
    def total(self) -> FloatArray:
        return self.interest + self.principal


def level_flows(
    owed: FloatArray, rate: FloatArray, months: IntArray, *, prepaid: float = 0.0
) -> CashFlows:
    """Flows of loans (n,) repaid in level monthly instalments at `rate` / 12 a month.

    `prepaid` is the constant prepayment rate a year (CPR): each month the single monthly mortality
    1 - (1 - CPR)^(1/12) of what is owed after the instalment is repaid whole.
    Source: Fabozzi, The Handbook of Fixed Income Securities, on CPR and SMM.
    """
    longest = int(months.max()) if months.size else 0
    monthly = rate / 12
    interest, principal, left = (np.zeros(longest) for _ in range(3))
    now = owed.astype(np.float64)
    smm = single_monthly_mortality(prepaid)
    for month in range(longest):
        ahead = months - month
        on = ahead > 0
        safe = np.where(on, ahead, 1)
        growth = -np.expm1(-safe * np.log1p(monthly))
        pays = np.where(monthly > 0, now * monthly / np.where(monthly > 0, growth, 1.0), now / safe)
        earned = np.where(on, now * monthly, 0.0)
        scheduled = np.where(on, np.minimum(pays - earned, now), 0.0)
        early = np.where(on, (now - scheduled) * smm, 0.0)
        interest[month], left[month] = earned.sum(), np.where(on, now, 0.0).sum()
        principal[month] = (scheduled + early).sum()
        now = now - scheduled - early
    return CashFlows(interest, principal, left)


def single_monthly_mortality(prepaid: float) -> float:
    """The part repaid early each month (SMM) at a constant prepayment rate a year (CPR)."""
    return float(-np.expm1(np.log1p(-prepaid) / 12))


def psa_rates(speed: float, months: int) -> FloatArray:
    """CPR by month of the loan's age (from 1) under the PSA model at `speed` (1 is 100 PSA).

    0.2 % a month more each month until 6 % at month 30, times the speed.
    Source: Public Securities Association standard prepayment model.
    """
    return np.asarray(speed * 0.06 * np.minimum(np.arange(1, months + 1) / 30, 1.0))


def prepayment_seen(
    owed: FloatArray, scheduled: FloatArray, repaid: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """SMM and CPR by month (T,) of what was repaid: `owed` at the month's start, `scheduled`
    principal, and all principal `repaid`."""
    base = owed - scheduled
    smm = np.where(base > 0, (repaid - scheduled) / np.where(base > 0, base, 1.0), 0.0)
    smm = np.clip(smm, 0.0, 1.0)
    return smm, -np.expm1(12 * np.log1p(-np.minimum(smm, 1 - 1e-15)))
