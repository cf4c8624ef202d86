"""The lender's menu of treatments, and terms in general."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.simulation.parameters import Parameters

DECLINE, REFER, TODAY = "decline", "refer", "today"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is done with applicants; scalars, or one entry per applicant.

    `journey` None declines. `apr` is a fraction a year, `amount` money, `term_months` months;
    `wait_days` calendar days kept waiting by staff, None for the journey's own mean.
    """

    journey: str | None
    apr: FloatArray | float = 0.0
    amount: FloatArray | float = 0.0
    term_months: IntArray | int = 0
    wait_days: FloatArray | float | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One treatment relative to today's price for the applicant and the amount asked."""

    name: str
    journey: str | None
    price: str
    price_shift: float
    amount_share: float


@dataclass(frozen=True)
class MenuTable:
    """The menu in a fixed order: decline, journeys x prices x amounts, refer."""

    parameters: Parameters

    @cached_property
    def items(self) -> tuple[MenuItem, ...]:
        """All treatments."""
        menu = self.parameters.menu
        offers = (
            MenuItem(f"{journey}_{price}_{size}", journey, price, shift, share)
            for journey in menu.journeys
            for price, shift in menu.prices.items()
            for size, share in menu.amounts.items()
        )
        refer = MenuItem(REFER, menu.refer_journey, TODAY, 0.0, 1.0)
        return (MenuItem(DECLINE, None, TODAY, 0.0, 0.0), *offers, refer)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(item.name for item in self.items)

    @cached_property
    def price_family(self) -> BoolArray:
        """(K, K): which treatments differ from each in price alone."""
        families = [(item.journey, item.amount_share, item.name == REFER) for item in self.items]
        return np.array([[a == b for b in families] for a in families])

    @cached_property
    def fast(self) -> BoolArray:
        """(K,): the treatments that only those eligible for the fast journey may get."""
        return np.array([item.journey == "fast" for item in self.items])

    def eligible_for_fast(self, bureau_score: FloatArray, amount: FloatArray) -> BoolArray:
        """(N,): a bureau score is on file and the amount is not too large."""
        return ~np.isnan(bureau_score) & (amount <= self.parameters.menu.fast_amount_highest)

    def apr(self, todays_apr: FloatArray, shift: FloatArray | float) -> FloatArray:
        """The price `shift` above today's, never under the lowest."""
        return np.maximum(np.round(todays_apr + shift, 6), self.parameters.menu.lowest_apr)

    def terms(
        self, todays_apr: FloatArray, amount: FloatArray, term: IntArray
    ) -> tuple[Terms, ...]:
        """Every treatment's terms for every applicant; declining has none."""
        shifts = {item.price_shift for item in self.items}
        aprs = {shift: self.apr(todays_apr, shift) for shift in shifts}
        amounts = {share: amount * share for share in {item.amount_share for item in self.items}}
        return tuple(
            Terms(None, name=item.name)
            if item.journey is None
            else Terms(
                item.journey,
                aprs[item.price_shift],
                amounts[item.amount_share],
                term,
                name=item.name,
            )
            for item in self.items
        )
