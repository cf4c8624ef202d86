"""Risk weights against the published table of Basel II, Annex 5."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.risk.capital import capital_requirement, correlation, risk_weight

COLUMNS = (
    ("corporate", 0.45, None),
    ("corporate", 0.45, 5.0),
    ("mortgage", 0.45, None),
    ("mortgage", 0.25, None),
    ("other_retail", 0.45, None),
    ("other_retail", 0.85, None),
    ("revolving_retail", 0.45, None),
    ("revolving_retail", 0.85, None),
)
ANNEX_5 = {  # PD in %, risk weights in %
    0.03: (14.44, 11.30, 4.15, 2.30, 4.45, 8.41, 0.98, 1.85),
    0.10: (29.65, 23.30, 10.69, 5.94, 11.16, 21.08, 2.71, 5.12),
    0.25: (49.47, 39.01, 21.30, 11.83, 21.15, 39.96, 5.76, 10.88),
    0.50: (69.61, 54.91, 35.08, 19.49, 32.36, 61.13, 10.04, 18.97),
    1.00: (92.32, 72.40, 56.40, 31.33, 45.77, 86.46, 17.22, 32.53),
    2.00: (114.86, 88.55, 87.94, 48.85, 57.99, 109.53, 28.92, 54.63),
    2.50: (122.16, 93.43, 100.64, 55.91, 60.90, 115.03, 33.98, 64.18),
}


@pytest.mark.parametrize("pd", ANNEX_5)
@pytest.mark.parametrize("at", range(8))
def test_risk_weight_matches_basel_annex_5(pd, at):
    asset_class, lgd, sales = COLUMNS[at]
    weight = risk_weight(capital_requirement(np.array([pd / 100]), lgd, asset_class, sales=sales))
    assert 100 * weight[0] == pytest.approx(ANNEX_5[pd][at], abs=0.006)


def test_corporate_example_worked_by_hand():
    pd = np.array([0.01])
    assert correlation(pd, "corporate")[0] == pytest.approx(0.192783679, abs=1e-9)
    assert capital_requirement(pd, 0.45, "corporate")[0] == pytest.approx(0.073853441, abs=1e-9)


def test_capital_is_finite_and_not_negative_at_the_ends():
    capital = capital_requirement(np.array([0.0, 1e-15, 0.5, 1.0]), 0.5)
    assert np.all(np.isfinite(capital))
    assert np.all(capital >= 0)
    assert capital[0] == pytest.approx(0, abs=1e-6)
    assert capital[3] == pytest.approx(0, abs=1e-6)
