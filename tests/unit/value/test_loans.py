"""What one loan is worth, against month-by-month sums and published annuities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.value.loans import instalment, loan_worth, monthly_hazard


def month_by_month(pd, lgd, amount, *, apr, months, window, funding):
    rate, hazard = apr / 12, 1 - (1 - pd) ** (1 / window)
    pay = amount * rate / (1 - (1 + rate) ** -months) if rate else amount / months
    owed, interest, loss, held, owing = amount, 0.0, 0.0, 0.0, 0.0
    for month in range(1, months + 1):
        discount = (1 + funding / 12) ** -month
        alive_before = (1 - hazard) ** (month - 1)
        interest += alive_before * (1 - hazard) * owed * (apr - funding) / 12 * discount
        loss += alive_before * hazard * lgd * owed * discount
        held += alive_before * owed / 12
        owing += owed / 12
        owed -= pay - owed * rate
    return interest, loss, held, owing


@given(
    pd=st.floats(1e-5, 0.9),
    apr=st.floats(0.001, 0.9),
    months=st.integers(1, 84),
    funding=st.floats(0, 0.2),
    window=st.sampled_from([6, 12, 36]),
)
def test_worth_equals_the_sum_over_months(pd, apr, months, funding, window):
    one = np.array([1.0])
    result = loan_worth(
        pd=pd * one, lgd=0.6 * one, amount=1000 * one, apr=apr * one, months=months * one,
        window_months=window, funding_rate=funding,
    )  # fmt: skip
    expected = month_by_month(
        pd, 0.6, 1000.0, apr=apr, months=months, window=window, funding=funding
    )
    got = (result.interest, result.expected_loss, result.capital_years, result.balance_years)
    assert np.array(got).ravel() == pytest.approx(np.array(expected), rel=1e-6, abs=1e-6)


def test_instalment_is_the_textbook_annuity():
    # 10,000 at 12 % a year over 12 months: 888.49 a month
    pay = instalment(np.array([10_000.0]), np.array([0.12]), np.array([12.0]))
    assert pay[0] == pytest.approx(888.49, abs=0.005)


def test_hazard_over_the_window_gives_the_pd_back():
    hazard = monthly_hazard(np.array([0.2]), 12)
    assert 1 - (1 - hazard[0]) ** 12 == pytest.approx(0.2)
