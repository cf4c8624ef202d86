"""Capital of a book: the published table through the loan-by-loan door, and the split of a loan."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.errors import BadInput
from equipoise.portfolio import IrbFloors, IrbLoans, irb_capital, split_loan, weight_by_ltv

# Basel II, Annex 5, at PD 1 %: class, LGD, sales in million EUR, risk weight in %
ANNEX_5 = (
    ("corporate", 0.45, np.nan, 92.32),
    ("corporate", 0.45, 5.0, 72.40),
    ("mortgage", 0.45, np.nan, 56.40),
    ("mortgage", 0.25, np.nan, 31.33),
    ("other_retail", 0.45, np.nan, 45.77),
    ("other_retail", 0.85, np.nan, 86.46),
    ("revolving_retail", 0.45, np.nan, 17.22),
    ("revolving_retail", 0.85, np.nan, 32.53),
)


def _loans(**columns: object) -> IrbLoans:
    n = len(columns["asset_class"])  # type: ignore[arg-type]
    whole: dict[str, object] = {
        "pd": np.full(n, 0.01),
        "lgd": np.full(n, 0.45),
        "exposure": np.full(n, 100.0),
        "maturity": np.full(n, 2.5),
        "sales": np.full(n, np.nan),
        "defaulted": np.zeros(n, dtype=bool),
        "best_estimate": np.zeros(n),
        **columns,
    }
    return IrbLoans(**{name: np.asarray(value) for name, value in whole.items()})  # type: ignore[arg-type]


def test_a_mixed_book_has_the_published_risk_weights_row_by_row():
    names, lgd, sales, weights = zip(*ANNEX_5, strict=True)
    capital = irb_capital(_loans(asset_class=names, lgd=lgd, sales=sales))
    assert capital.risk_weighted == pytest.approx(weights, abs=0.006)
    assert capital.expected_loss == pytest.approx(np.array(lgd))  # 1 % of LGD of 100
    assert capital.required == pytest.approx(0.08 * sum(weights), abs=0.01)


def test_maturity_moves_a_firm_by_the_worked_factor_and_a_person_not_at_all():
    at = {"asset_class": ["corporate", "other_retail"]}
    short = irb_capital(_loans(**at, maturity=[1.0, 1.0])).k
    middle = irb_capital(_loans(**at)).k
    # MA at PD 1 %: b = .137486131, so (1 - 1.5b) / (1 - 1.5b) at one year over 1.259809501
    assert short[0] / middle[0] == pytest.approx(1 / 1.259809501, rel=1e-8)
    assert short[1] == middle[1]


def test_a_financial_institution_has_a_quarter_more_correlation_and_so_more_capital():
    k = irb_capital(_loans(asset_class=["corporate", "financial", "hvcre"])).k
    assert k[1] > k[0]
    assert k[2] > k[0]


def test_what_is_in_default_needs_what_its_lgd_exceeds_the_best_estimate_by():
    capital = irb_capital(
        _loans(
            asset_class=["mortgage", "mortgage"],
            defaulted=[True, True],
            best_estimate=[0.30, 0.60],
        )
    )
    assert capital.k == pytest.approx([0.15, 0.0])
    assert capital.expected_loss == pytest.approx([30.0, 60.0])


def test_floors_hold_and_leave_what_is_above_them():
    floored = irb_capital(
        _loans(asset_class=["mortgage"] * 2, pd=[0.0001, 0.01]), IrbFloors(pd=0.0003)
    )
    plain = irb_capital(_loans(asset_class=["mortgage"] * 2, pd=[0.0003, 0.01]))
    assert floored.k == pytest.approx(plain.k)


def test_an_unknown_class_is_told_with_the_nearest():
    with pytest.raises(BadInput, match="did you mean 'mortgage'"):
        irb_capital(_loans(asset_class=["mortage"]))


def test_the_loan_splitting_example_of_the_framework():
    """CRE20: 70,000 on a property worth 100,000, another bank's lien of 10,000 beside it."""
    loan, value = np.full(2, 70_000.0), np.full(2, 100_000.0)
    split = split_loan(loan, value, pari_passu=np.array([10_000.0, 0.0]))
    assert split.secured == pytest.approx([48_125.0, 55_000.0])
    assert split.unsecured == pytest.approx([21_875.0, 15_000.0])
    weighted = split.risk_weighted(np.full(2, 0.20), np.full(2, 0.75))
    assert weighted == pytest.approx([48_125 * 0.2 + 21_875 * 0.75, 55_000 * 0.2 + 15_000 * 0.75])


def test_a_lien_before_ours_takes_from_what_is_secured_first():
    split = split_loan(np.array([30_000.0]), np.array([100_000.0]), senior=40_000.0)
    assert split.secured == pytest.approx([15_000.0])
    covered = split_loan(np.array([30_000.0]), np.array([100_000.0]), senior=60_000.0)
    assert covered.secured == pytest.approx([0.0])


def test_a_loan_to_value_on_an_edge_belongs_to_the_band_below():
    weights = weight_by_ltv(
        np.array([0.3, 0.5, 0.5001, 1.0, 1.2]),
        np.array([0.5, 0.6, 0.8, 0.9, 1.0]),
        np.array([0.20, 0.25, 0.30, 0.40, 0.50, 0.70]),
    )
    assert weights == pytest.approx([0.20, 0.20, 0.25, 0.50, 0.70])
