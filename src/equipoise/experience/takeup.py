"""Take-up: how likely an offer is accepted, at its price, amount and waiting, by this applicant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.experience.logistic import fit_logit
from equipoise.numeric.arrays import BoolArray, FloatArray

COEFFICIENTS = ("intercept", "price", "amount", "waiting", "risk")


@dataclass(frozen=True, slots=True)
class TakeUp:
    """The take-up logit.

    utility = intercept + price * (APR - reference_apr) + amount * ln(offered / asked)
              + waiting * days waited + risk * logit(PD)
    APR and `reference_apr` are fractions a year (0.12), so `price` is per 1.00 of APR.
    """

    intercept: float
    price: float
    amount: float = 0.0
    waiting: float = 0.0
    risk: float = 0.0
    reference_apr: float = 0.0

    def utility(
        self,
        apr: FloatArray,
        offered_to_asked: FloatArray,
        wait_days: FloatArray,
        pd: FloatArray,
    ) -> FloatArray:
        """Utility of accepting over refusing; shapes broadcast."""
        return np.asarray(
            self.intercept
            + self.price * (apr - self.reference_apr)
            + self.amount * np.log(offered_to_asked)
            + self.waiting * wait_days
            + self.risk * _log_odds(pd)
        )

    def probability(
        self,
        apr: FloatArray,
        offered_to_asked: FloatArray,
        wait_days: FloatArray,
        pd: FloatArray,
    ) -> FloatArray:
        """Probability that the offer is taken; shapes broadcast."""
        return np.asarray(expit(self.utility(apr, offered_to_asked, wait_days, pd)))

    def customer_surplus(self, utility: FloatArray) -> FloatArray:
        """Expected surplus of having the offer, as a fraction of the balance a year.

        The log-sum of the logit over the price coefficient: ln(1 + e^u) / |price|. Times the
        balance-years outstanding it is money. Raises BadInput when price does not lower
        take-up, since no amount of money then answers for a change in utility.
        Source: Small and Rosen 1981, Econometrica 49(1).
        """
        if self.price >= 0:
            raise BadInput(
                f"the price coefficient is {self.price:g}: take-up does not fall with price",
                field="take_up.price",
                mend="customer surplus needs a negative price coefficient; declare one as assumed",
            )
        return np.asarray(np.logaddexp(0.0, utility) / abs(self.price))


@dataclass(frozen=True, slots=True)
class PastOffers:
    """Offers made and what became of them; arrays of shape (offers,).

    `apr` is a fraction a year, `offered` and `asked` are amounts in one currency, `accepted`
    says that the customer took it. `wait_days` and `pd` may be unknown.
    """

    apr: FloatArray
    offered: FloatArray
    asked: FloatArray
    accepted: BoolArray
    wait_days: FloatArray | None = None
    pd: FloatArray | None = None

    def column(self, name: str, reference_apr: float) -> FloatArray | None:
        """What a coefficient multiplies; None where it is unknown."""
        if name == "intercept":
            return np.ones(self.accepted.size)
        if name == "price":
            return self.apr - reference_apr
        if name == "amount":
            return np.asarray(np.log(self.offered / self.asked))
        if name == "waiting":
            return self.wait_days
        return None if self.pd is None else _log_odds(self.pd)


def fit_take_up(
    past: PastOffers,
    reference_apr: float,
    source: str,
    fixed: Mapping[str, float] | None = None,
) -> dict[str, Quantity]:
    """Measure the take-up logit's coefficients on past offers, with 95 % intervals.

    Coefficients in `fixed` are held at the value given; the rest are measured. Raises BadInput
    for a coefficient whose column is unknown or does not vary. Prices that followed risk or
    bargaining give a biased `price`: only prices that varied at random measure it.
    """
    held = dict(fixed or {})
    free = [name for name in COEFFICIENTS if name not in held]
    columns = [_varied(past, name, reference_apr) for name in free]
    known = np.zeros(past.accepted.size)
    for name, value in held.items():
        column = past.column(name, reference_apr)
        # a term that the offers do not carry is part of what the intercept measures
        known = known + (0.0 if column is None else value * column)
    model = fit_logit(np.column_stack(columns), past.accepted, offset=known)
    where = f"{source}, {model.n} offers"
    return {name: _quantity(model.interval(index), name, where) for index, name in enumerate(free)}


def _varied(past: PastOffers, name: str, reference_apr: float) -> FloatArray:
    column = past.column(name, reference_apr)
    if column is None or (name != "intercept" and not np.ptp(column) > 1e-12):
        why = "is not among the columns" if column is None else "is the same for every offer"
        raise BadInput(
            f"take-up's response to {name} cannot be measured: what it multiplies {why}",
            field=f"take_up.{name}",
            mend="declare the coefficient as assumed, with its source",
        )
    return column


_UNITS = {
    "intercept": "log-odds",
    "price": "log-odds per 1.00 of APR",
    "amount": "log-odds per ln(offered / asked)",
    "waiting": "log-odds per day",
    "risk": "log-odds per log-odds of default",
}


def _quantity(interval: tuple[float, float, float], name: str, source: str) -> Quantity:
    value, low, high = interval
    return Quantity(
        value=value, low=low, high=high, provenance="measured", source=source, unit=_UNITS[name]
    )


def _log_odds(pd: FloatArray) -> FloatArray:
    return np.asarray(logit(np.clip(pd, 1e-9, 1 - 1e-9)))
