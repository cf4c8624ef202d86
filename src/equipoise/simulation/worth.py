"""What one booked loan is worth, with default at a constant monthly hazard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.simulation.loan import capital_requirement, monthly_hazard, weighted_balances
from equipoise.simulation.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Worth:
    """Of each booked loan, (N,): present values in money, and `money_years` it owes if all is paid.

    `pd_term` is the chance of default over the whole term.
    """

    pd_term: FloatArray
    margin: FloatArray
    expected_loss: FloatArray
    capital_charge: FloatArray
    money_years: FloatArray


def worth(
    parameters: Parameters,
    risk: tuple[FloatArray, FloatArray],
    terms: tuple[FloatArray, FloatArray, IntArray],
) -> Worth:
    """Value loans from `risk` (PD within the window, LGD) and `terms` (amount, APR, months).

    Interest less funding while the loan survives, less operating cost; LGD times the balance owed
    in the month of default; both discounted at the funding rate. The capital charge is the cost of
    the regulatory capital held while the loan survives.
    """
    business, window = parameters.business, parameters.default.window_months
    pd, lgd = risk
    amount, apr, term = terms
    hazard = monthly_hazard(pd, window)
    alive = 1 - hazard
    discount = 1 / (1 + business.funding_rate / 12)
    discounted = weighted_balances(amount, apr, term, alive * discount)
    held = weighted_balances(amount, apr, term, alive) / alive / 12
    return Worth(
        pd_term=-np.expm1(term * np.log1p(-hazard)),
        margin=(apr - business.funding_rate) / 12 * discounted - business.operating_cost,
        expected_loss=lgd * hazard / alive * discounted,
        capital_charge=capital_requirement(pd, lgd) * business.cost_of_capital * held,
        money_years=weighted_balances(amount, apr, term, 1.0) / 12,
    )
