"""How a book gathers in few names: indices of shares, and what few names cost in capital."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv, xlogy

from equipoise.numeric.arrays import FloatArray

CONFIDENCE = 0.999


@dataclass(frozen=True, slots=True)
class Concentration:
    """Indices of n shares that sum to one. All are larger the more gathered the book is, but
    `effective_number` (of equal names as gathered) and `entropy` (Shannon's), which fall.

    `hhi` runs from 1/n to 1, `hhi_normalised` from 0 to 1.
    """

    names: int
    hhi: float
    hhi_normalised: float
    effective_number: float
    gini: float
    hall_tideman: float
    theil: float
    entropy: float
    top: tuple[float, ...]

    def top_share(self, k: int) -> float:
        """The share of the k largest names (CR_k)."""
        return float(sum(self.top[:k]))


def concentration(exposure: FloatArray, keep: int = 20) -> Concentration:
    """The indices of exposures (n,) by name, in one currency; names without exposure count not.

    `keep` is how many of the largest shares are kept. Source: Hall and Tideman 1967, JASA 62;
    Theil 1967; Hirschman 1964, AER 54.
    """
    held = np.sort(exposure[exposure > 0])[::-1]
    n = held.size
    if n == 0:
        return Concentration(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ())
    share = held / held.sum()
    rank = np.arange(1, n + 1)
    ranked = float((rank * share).sum())
    hhi = float((share**2).sum())
    entropy = float(-xlogy(share, share).sum())
    return Concentration(
        names=n,
        hhi=hhi,
        hhi_normalised=(hhi - 1 / n) / (1 - 1 / n) if n > 1 else 1.0,
        effective_number=1 / hhi,
        gini=(n + 1 - 2 * ranked) / n,
        hall_tideman=1 / (2 * ranked - 1),
        theil=float(np.log(n)) - entropy,
        entropy=entropy,
        top=tuple(float(each) for each in share[:keep]),
    )


def granularity_adjustment(
    exposure: FloatArray,
    *,
    k: FloatArray,
    expected_loss: FloatArray,
    lgd: FloatArray,
    precision: float = 0.25,
    lgd_spread: float = 0.25,
) -> float:
    """Capital that a finite number of names asks for beside IRB's, as a share of all exposure.

    (n,) by name: `k` and `expected_loss` per unit of exposure, `lgd` the expected one.
    `precision` is of the gamma-distributed factor, and VLGD^2 = lgd_spread * LGD * (1 - LGD).
    Source: Gordy and Luetkebohmert 2013, IJCB 9; the paper's text was not compared.
    """
    share = exposure / exposure.sum()
    required = float((share * k).sum())
    if required <= 0:
        return 0.0
    c = lgd_spread * (1 - lgd) + lgd  # (VLGD^2 + ELGD^2) / ELGD
    delta = granularity_delta(precision)
    return float((share**2 * c * (delta * (k + expected_loss) - k)).sum() / (2 * required))


def granularity_delta(precision: float) -> float:
    """(a - 1)(xi + (1 - xi)/a), where a is the factor's quantile at 99.9 %."""
    a = float(gammaincinv(precision, CONFIDENCE)) / precision
    return (a - 1) * (precision + (1 - precision) / a)
