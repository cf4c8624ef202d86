"""Monthly performance of booked loans, up to the observation date."""

from __future__ import annotations

import numpy as np
import polars as pl

from equipoise.simulation import loan
from equipoise.simulation.columns import application_ids, names
from equipoise.simulation.history import History
from equipoise.simulation.population import Population

STATUSES = ("current", "default", "closed")


def performance_frame(population: Population, history: History) -> pl.DataFrame:
    """One row per loan and month on book: balance after it, what was paid, status.

    Instalments are paid until the month of default, whose own is never paid. Rows end with that
    month, with the term (`closed`), or with the observation date.
    """
    loans = history.loans
    rows = np.flatnonzero(loans.booked)
    defaulted = loans.default_month[rows] > 0
    last = np.where(defaulted, loans.default_month[rows], loans.months_observed[rows])
    which = np.repeat(np.arange(len(rows)), last)
    month = np.arange(len(which)) - np.repeat(np.cumsum(last) - last, last) + 1
    amount, apr = history.offers.amount[rows], history.offers.apr[rows]
    term = population.observed.term[rows]
    in_default = (defaulted[which]) & (month == last[which])
    paid_months = np.where(in_default, month - 1, month)
    balance = loan.balance_after(amount[which], apr[which], term[which], paid_months)
    payment = loan.instalment(amount, apr, term)
    status = np.where(in_default, 1, np.where(month == term[which], 2, 0))
    return pl.DataFrame(
        {
            "application_id": application_ids(rows, history.first).gather(which),
            "month_on_book": month.astype(np.int16),
            "balance": np.round(np.maximum(balance, 0.0), 2),
            "paid": np.round(np.where(in_default, 0.0, payment[which]), 2),
            "status": names(status, STATUSES),
        }
    )
