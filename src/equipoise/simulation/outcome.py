"""What comes of a treatment, in true expectations."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from equipoise.numeric.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Outcome:
    """True expectations of one treatment each, (N,) columns; a decline is zero everywhere.

    Chances of one who starts: `completion`, `passes` (the checks, of those who complete),
    `take_up` (of those who pass), `booked` (all three). PDs at the terms: `pd` within the window
    before checks, `pd_booked` after them, `pd_term` after them over the whole term. Per applicant
    who starts: `exposure`, `expected_loss`, `capital_charge`, `profit`, `customer_surplus`
    (money), `good_customers_served`, `minutes` (asked of the applicant), `underwriter_hours`.
    """

    completion: FloatArray
    passes: FloatArray
    take_up: FloatArray
    booked: FloatArray
    pd: FloatArray
    pd_booked: FloatArray
    pd_term: FloatArray
    exposure: FloatArray
    expected_loss: FloatArray
    capital_charge: FloatArray
    profit: FloatArray
    good_customers_served: FloatArray
    customer_surplus: FloatArray
    minutes: FloatArray
    underwriter_hours: FloatArray

    @classmethod
    def nothing(cls, n: int) -> Outcome:
        """The outcome of declining n applicants."""
        return cls(**{field.name: np.zeros(n) for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class CheckTruth:
    """A check's effective sensitivity and false alarm, averaged over the applicants."""

    sensitivity: float
    false_alarm: float
