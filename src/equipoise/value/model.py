"""The value model: what each treatment means for each applicant, in every measure.

Formulas: docs/explanation/value-model.md. All are expectations per applicant who starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.documents import Loaded, Quantity
from equipoise.experience import Check, ExperienceFit, TakeUp
from equipoise.experience.checks import passage
from equipoise.numeric.arrays import FloatArray
from equipoise.progress import Progress, Silent
from equipoise.risk import capital_requirement
from equipoise.value.loans import instalment, loan_worth
from equipoise.value.measures import MEASURES, Measures
from equipoise.value.population import Population
from equipoise.value.treatments import Journey, Treatment, TreatmentsDocument


@dataclass(frozen=True, slots=True)
class Way:
    """A journey in figures, the same for every applicant."""

    stays: float  # share who complete, before checks stop anybody
    checks: tuple[Check, ...]
    minutes: float
    questions: float
    underwriter_hours: float
    cost: float
    wait_days: float


@dataclass(frozen=True, slots=True)
class ValueModel:
    """Values treatments for applicants; every uncertain input is named in `quantities`."""

    menu: tuple[Treatment, ...]
    experience: ExperienceFit
    quantities: Mapping[str, Quantity]
    window_months: float

    def replaced(self, values: Mapping[str, float]) -> ValueModel:
        """The same model with some inputs at other values."""
        known = self.experience.quantities()
        inside = {name: value for name, value in values.items() if name in known}
        own = {
            name: Quantity(value=values.get(name, each.value), source=each.source)
            for name, each in self.quantities.items()
        }
        return replace(self, experience=self.experience.replaced(inside), quantities=own)

    def table(self, people: Population, progress: Progress | None = None) -> Measures:
        """Every treatment for everybody: measures of shape (applicants, treatments)."""
        table = Measures.zeros((people.size, len(self.menu)))
        with (progress or Silent()).step("Valuing treatments") as step:
            for k in range(len(self.menu)):
                column = self.column(people, k)
                for name in MEASURES:
                    getattr(table, name)[:, k] = getattr(column, name)
                step.advance(k + 1, len(self.menu))
        return table

    def of_choice(self, people: Population, choice: NDArray[np.integer]) -> Measures:
        """One treatment each: measures of shape (applicants,)."""
        chosen = Measures.zeros((people.size,))
        for k in np.unique(choice):
            rows = np.flatnonzero(choice == k)
            column = self.column(people.rows(rows), int(k))
            for name in MEASURES:
                getattr(chosen, name)[rows] = getattr(column, name)
        return chosen

    def column(self, people: Population, k: int) -> Measures:
        """One treatment for everybody."""
        treatment = self.menu[k]
        if treatment.journey is None:
            return Measures.zeros((people.size,))
        terms = self.terms(people, k)
        return self._measured(people, self.way(treatment.journey), *terms)

    def terms(self, people: Population, k: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """APR (a fraction a year), amount and months of treatment `k` for each applicant."""
        treatment = self.menu[k]
        if treatment.price is None or treatment.amount is None or treatment.term is None:
            raise ValueError("a decline has no terms")
        price = treatment.price
        apr = np.clip(people.apr + price.add, max(price.floor, 1e-4), price.cap)
        apr = people.apr if price.add == 0 else apr
        months = np.maximum(people.months + treatment.term.add_months, 1.0)
        return apr, people.amount * treatment.amount.share, months

    def way(self, journey: Journey) -> Way:
        """A journey's completion, checks and burdens; a later step meets those who are left."""
        steps = [self.experience.step(name) for name in journey.steps]
        checks = tuple(self.experience.check(name).check() for name in journey.checks)
        stays = float(np.exp(-self.experience.hazard_per_day.value * journey.wait_days))
        for drop in [*(s.drop_off.value for s in steps), *(c.drop_off for c in checks)]:
            stays *= 1 - drop
        return Way(
            stays=stays,
            checks=checks,
            minutes=sum(s.minutes for s in steps) + sum(c.minutes for c in checks),
            questions=sum(s.questions for s in steps) + sum(c.questions for c in checks),
            underwriter_hours=sum(c.underwriter_hours for c in checks),
            cost=journey.cost + sum(c.cost for c in checks),
            wait_days=journey.wait_days,
        )

    def take_up(self) -> TakeUp:
        """The take-up logit at its stated values."""
        return self.experience.take_up.model()

    def pd_at_terms(
        self, people: Population, apr: FloatArray, amount: FloatArray, months: FloatArray
    ) -> FloatArray:
        """PD before checks once price and instalment differ from today's."""
        burden = (instalment(amount, apr, months) - people.instalment) / people.income
        # the slope was seen, or is assumed, for moderate changes: beyond half an income it is flat
        burden = np.clip(burden, -0.5, 0.5)
        log_odds = np.log(people.pd / (1 - people.pd))
        log_odds = log_odds + self._value("pd_response.price") * (apr - people.apr)
        log_odds = log_odds + self._value("pd_response.burden") * burden
        return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))

    def _measured(
        self,
        people: Population,
        way: Way,
        apr: FloatArray,
        amount: FloatArray,
        months: FloatArray,
    ) -> Measures:
        pd = self.pd_at_terms(people, apr, amount, months)
        passed = passage(way.checks, pd)
        offered = amount / people.amount
        # the take-up logit was fitted on PDs as they stand beside outcomes
        waits = np.full(1, way.wait_days)
        utility = self.take_up().utility(apr, offered, waits, people.seen_pd)
        takes = 1 / (1 + np.exp(-utility))
        pd_booked = np.minimum(passed.pd, 0.999)
        lgd = np.clip(people.lgd * self._value("lgd_scale"), 0.0, 1.0)
        worth = loan_worth(
            pd=pd_booked,
            lgd=lgd,
            amount=amount,
            apr=apr,
            months=months,
            window_months=self.window_months,
            funding_rate=self._value("lender.funding_rate"),
        )
        yearly = -np.expm1(np.log1p(-pd_booked) * 12 / self.window_months)
        k = capital_requirement(yearly, lgd)
        capital_cost = k * worth.capital_years * self._value("lender.cost_of_capital")
        margin = worth.interest - self._value("lender.operating_cost")
        booked = way.stays * passed.pass_rate * takes
        hours = np.full(people.size, way.underwriter_hours)
        cost = way.cost + way.underwriter_hours * self._value("lender.underwriter_hour_cost")
        surplus = self.take_up().customer_surplus(utility) * worth.balance_years
        return Measures(
            approvals=np.ones(people.size),
            booked=booked,
            good_customers_served=way.stays * takes * (1 - pd) * passed.good_pass_rate,
            exposure=booked * amount,
            expected_loss=booked * worth.expected_loss,
            capital=booked * amount * k,
            price=booked * apr,
            profit=booked * (margin - worth.expected_loss - capital_cost) - cost,
            customer_surplus=way.stays * passed.pass_rate * surplus,
            minutes=np.full(people.size, way.minutes),
            questions=np.full(people.size, way.questions),
            underwriter_hours=hours,
        )

    def _value(self, name: str) -> float:
        return self.quantities[name].value


def value_model(
    treatments: Loaded[TreatmentsDocument],
    experience: ExperienceFit,
    window_months: float,
    pd_response: tuple[Quantity, Quantity],
    extra: Mapping[str, Quantity],
) -> ValueModel:
    """The value model of a workspace: its menu, its journey, and every uncertain input by name.

    `pd_response` is the response of default to price and to burden; `extra` may hold `lgd`.
    """
    lender = treatments.value.lender
    quantities = {f"lender.{name}": getattr(lender, name) for name in type(lender).model_fields}
    quantities["pd_response.price"], quantities["pd_response.burden"] = pd_response
    quantities["lgd_scale"] = _lgd_scale(extra.get("lgd"))
    return ValueModel(treatments.value.menu(), experience, quantities, window_months)


def _lgd_scale(lgd: Quantity | None) -> Quantity:
    """LGD's own range as a factor on every applicant's LGD."""
    if lgd is None or lgd.value <= 0:
        return Quantity(value=1.0, source="LGD as given", unit="times LGD")
    return Quantity(
        value=1.0,
        low=None if lgd.low is None else lgd.low / lgd.value,
        high=None if lgd.high is None else lgd.high / lgd.value,
        provenance=lgd.provenance,
        source=lgd.source,
        unit="times LGD",
    )
