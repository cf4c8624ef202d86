"""Loss given default and realised yield from real repayments and recoveries.

All in money of the day: where no dates of recoveries are known, they are not discounted, which
makes the LGD a little low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray, IntArray
from equipoise.numeric.intervals import normal_quantile


def amount_of(
    instalment: FloatArray,
    annual_rate: FloatArray,
    terms: Sequence[int] = (36, 60),
    step: float = 25,
) -> tuple[FloatArray, IntArray]:
    """Amount and term (months) of annuity loans of which only instalment and rate are known.

    Each term gives an amount; lenders lend round sums, so the term whose amount is nearest to a
    multiple of `step` is taken. `annual_rate` is a fraction.
    """
    monthly = annual_rate / 12
    amounts = np.stack([instalment * -np.expm1(-n * np.log1p(monthly)) / monthly for n in terms])
    off = np.abs(amounts / step - np.round(amounts / step))
    best = np.argmin(off, axis=0)
    chosen = np.take_along_axis(amounts, best[None], axis=0)[0]
    return np.round(chosen / step) * step, np.asarray(terms, dtype=np.int64)[best]


def loss_given_default(
    exposure: FloatArray, recovered: FloatArray, cost: FloatArray | float = 0.0
) -> FloatArray:
    """LGD of each defaulted loan: 1 - (recovered - cost) / exposure, kept inside 0 and 1.

    `exposure` is the principal outstanding at default. NaN where nothing was outstanding.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = 1 - (recovered - cost) / exposure
    return np.where(exposure > 0, np.clip(lost, 0.0, 1.0), np.nan)


@dataclass(frozen=True, slots=True)
class LgdEstimate:
    """Mean LGD weighted by exposure, with a 95 % interval; `plain` weighs loans alike."""

    name: str
    mean: float
    low: float
    high: float
    plain: float
    loans: int
    exposure: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
            "plain": self.plain,
            "loans": self.loans,
            "exposure": self.exposure,
        }


def mean_lgd(lgd: FloatArray, exposure: FloatArray, name: str = "all") -> LgdEstimate:
    """Exposure-weighted mean LGD; its interval by the ratio estimator's variance."""
    known = np.isfinite(lgd) & (exposure > 0)
    if not known.any():
        raise BadInput("no defaulted loan has an exposure, so there is no LGD to measure")
    x, w = lgd[known], exposure[known]
    mean = float(np.average(x, weights=w))
    residual = w * (x - mean)
    error = float(np.sqrt((residual**2).sum()) / w.sum())
    half = normal_quantile() * error
    return LgdEstimate(
        name,
        mean,
        max(0.0, mean - half),
        min(1.0, mean + half),
        float(x.mean()),
        int(known.sum()),
        float(w.sum()),
    )


def lgd_by(lgd: FloatArray, exposure: FloatArray, group: Array) -> list[LgdEstimate]:
    """Mean LGD of each group (grade, term), in the groups' order."""
    estimates = []
    for name in np.unique(group):
        inside = group == name
        if np.any(np.isfinite(lgd[inside]) & (exposure[inside] > 0)):
            estimates.append(mean_lgd(lgd[inside], exposure[inside], str(name)))
    return estimates


def realised_yield(
    received: FloatArray, amount: FloatArray, interest: FloatArray, annual_rate: FloatArray
) -> float:
    """Net gain per unit of balance and year, over a set of resolved loans.

    Interest paid / rate is the balance-years a loan was outstanding and paying, so no dates are
    needed. `received` is all that came in, net of collection costs.
    """
    balance_years = float(np.sum(interest / annual_rate))
    if balance_years <= 0:
        raise BadInput("no interest was received, so no yield can be measured")
    return float(np.sum(received - amount)) / balance_years
