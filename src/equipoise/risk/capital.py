"""Capital under the internal ratings based approach (Basel Framework, CRE31)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from equipoise.numeric.arrays import FloatArray

# `financial`: a large or unregulated financial institution; `hvcre`: high-volatility commercial
# real estate.
AssetClass = Literal[
    "other_retail", "mortgage", "revolving_retail", "corporate", "financial", "hvcre"
]
_RETAIL = ("other_retail", "mortgage", "revolving_retail")
RISK_WEIGHT_PER_CAPITAL = 12.5
CONFIDENCE = 0.999


def correlation(
    pd: FloatArray,
    asset_class: AssetClass = "other_retail",
    sales: FloatArray | float | None = None,
) -> FloatArray:
    """Asset correlation. `sales` (million EUR, 5 to 50) makes a corporate a small firm; NaN none.

    Source: CRE31.5, CRE31.7, CRE31.9, CRE31.10, CRE31.14 to CRE31.16.
    """
    if asset_class == "mortgage":
        return np.full_like(pd, 0.15, dtype=float)
    if asset_class == "revolving_retail":
        return np.full_like(pd, 0.04, dtype=float)
    if asset_class == "other_retail":
        x = -np.expm1(-35 * pd) / -np.expm1(-35.0)
        return np.asarray(0.03 * x + 0.16 * (1 - x))
    if asset_class == "corporate" and sales is not None:
        small = 0.04 * (1 - (np.clip(sales, 5, 50) - 5) / 45)
        return np.asarray(_of_firms(pd, 0.24) - np.where(np.isnan(sales), 0.0, small))
    times = 1.25 if asset_class == "financial" else 1.0
    return np.asarray(times * _of_firms(pd, 0.30 if asset_class == "hvcre" else 0.24))


def _of_firms(pd: FloatArray, most: float) -> FloatArray:
    x = -np.expm1(-50 * pd) / -np.expm1(-50.0)
    return np.asarray(0.12 * x + most * (1 - x))


def capital_requirement(
    pd: FloatArray,
    lgd: FloatArray | float,
    asset_class: AssetClass = "other_retail",
    *,
    maturity: FloatArray | float = 2.5,
    sales: FloatArray | float | None = None,
) -> FloatArray:
    """Unexpected loss per unit of exposure, K. PD is for one year and lies inside 0 and 1.

    `maturity` (years) does not matter to retail. Floors on PD and LGD are the caller's: they
    differ by jurisdiction.
    """
    inside = np.clip(np.asarray(pd, dtype=float), 1e-12, 1 - 1e-12)
    r = correlation(inside, asset_class, sales)
    stressed = ndtr(ndtri(inside) / np.sqrt(1 - r) + np.sqrt(r / (1 - r)) * ndtri(CONFIDENCE))
    k = np.maximum(np.asarray(lgd) * (stressed - inside), 0.0)
    if asset_class in _RETAIL:
        return np.asarray(k)
    b = (0.11852 - 0.05478 * np.log(inside)) ** 2
    return np.asarray(k * (1 + (maturity - 2.5) * b) / (1 - 1.5 * b))


def defaulted_capital(lgd: FloatArray, best_estimate: FloatArray) -> FloatArray:
    """K of exposures in default: what their LGD exceeds the best estimate of their loss by.

    Source: CRE31.3.
    """
    return np.asarray(np.maximum(lgd - best_estimate, 0.0))


def risk_weight(capital: FloatArray) -> FloatArray:
    """Risk weight as a fraction of exposure (0.4577 is 45.77 %)."""
    return RISK_WEIGHT_PER_CAPITAL * capital
