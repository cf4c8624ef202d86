"""Capital under the internal ratings based approach (Basel Framework, CRE31)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from equipoise.numeric.arrays import FloatArray

AssetClass = Literal["other_retail", "mortgage", "revolving_retail", "corporate"]
RISK_WEIGHT_PER_CAPITAL = 12.5
CONFIDENCE = 0.999


def correlation(
    pd: FloatArray, asset_class: AssetClass = "other_retail", sales: float | None = None
) -> FloatArray:
    """Asset correlation. `sales` (million EUR, 5 to 50) makes a corporate a small firm.

    Source: CRE31.5, CRE31.9, CRE31.14 to CRE31.16.
    """
    if asset_class == "mortgage":
        return np.full_like(pd, 0.15, dtype=float)
    if asset_class == "revolving_retail":
        return np.full_like(pd, 0.04, dtype=float)
    if asset_class == "other_retail":
        x = -np.expm1(-35 * pd) / -np.expm1(-35.0)
        return np.asarray(0.03 * x + 0.16 * (1 - x))
    x = -np.expm1(-50 * pd) / -np.expm1(-50.0)
    firm = 0.0 if sales is None else 0.04 * (1 - (float(np.clip(sales, 5, 50)) - 5) / 45)
    return np.asarray(0.12 * x + 0.24 * (1 - x) - firm)


def capital_requirement(
    pd: FloatArray,
    lgd: FloatArray | float,
    asset_class: AssetClass = "other_retail",
    *,
    maturity: float = 2.5,
    sales: float | None = None,
) -> FloatArray:
    """Unexpected loss per unit of exposure, K. PD is for one year and lies inside 0 and 1.

    `maturity` (years) matters to corporates only. Floors on PD and LGD are the caller's: they
    differ by jurisdiction.
    """
    inside = np.clip(np.asarray(pd, dtype=float), 1e-12, 1 - 1e-12)
    r = correlation(inside, asset_class, sales)
    stressed = ndtr(ndtri(inside) / np.sqrt(1 - r) + np.sqrt(r / (1 - r)) * ndtri(CONFIDENCE))
    k = np.maximum(np.asarray(lgd) * (stressed - inside), 0.0)
    if asset_class != "corporate":
        return np.asarray(k)
    b = (0.11852 - 0.05478 * np.log(inside)) ** 2
    return np.asarray(k * (1 + (maturity - 2.5) * b) / (1 - 1.5 * b))


def risk_weight(capital: FloatArray) -> FloatArray:
    """Risk weight as a fraction of exposure (0.4577 is 45.77 %)."""
    return RISK_WEIGHT_PER_CAPITAL * capital
