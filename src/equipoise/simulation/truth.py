"""What would truly happen: any treatment's outcome for any applicant.

For judging only. A lender never sees this; nothing may be fitted on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import EllipsisType

import numpy as np
import polars as pl
from scipy.special import expit

from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.simulation.behaviour import (
    log_odds_at,
    passing_chances,
    staying,
    step_waits,
    stop_chances,
    take_up_utility,
)
from equipoise.simulation.menu import Terms
from equipoise.simulation.outcome import CheckTruth, Outcome
from equipoise.simulation.parameters import KINDS, Parameters, read_parameters
from equipoise.simulation.population import Latent
from equipoise.simulation.worth import worth

TRUTH_FILE, PARAMETERS_FILE = "truth.parquet", "parameters.yaml"


@dataclass(frozen=True, slots=True)
class Truth:
    """The applicants as they are, and what would become of them."""

    parameters: Parameters
    latent: Latent
    todays_apr: FloatArray
    amount: FloatArray
    term: IntArray

    def __len__(self) -> int:
        return len(self.amount)

    def rows(self, rows: IntArray) -> Truth:
        """The truth about some of the applicants, in the given order."""
        latent = Latent(*(getattr(self.latent, field.name)[rows] for field in fields(self.latent)))
        return Truth(
            self.parameters, latent, self.todays_apr[rows], self.amount[rows], self.term[rows]
        )

    def outcome(self, terms: Terms) -> Outcome:
        """The true outcome of giving everyone these terms. Raises BadInput on impossible terms."""
        if terms.journey is None:
            return Outcome.nothing(len(self))
        self._refuse(terms)
        names = self.parameters.journeys[terms.journey].steps
        asked = [self.parameters.steps[name] for name in names]
        hours = sum(step.work_hours for step in asked if step.staff == "underwriter")
        return self._outcome(
            terms,
            names,
            (
                float(sum(step.minutes for step in asked)),
                float(sum(step.cost for step in asked)),
                float(hours),
            ),
        )

    def of_steps(self, steps: Sequence[str], terms: Terms) -> Outcome:
        """The true outcome of asking everyone for these steps, one after the other, then lending.

        Unlike `outcome`, which asks all who start for everything, whoever has left or was stopped
        is not asked for more: minutes, costs and hours are those of the steps each reaches. Of
        `terms` the journey only says whether an offer is made; each step waits what it adds to
        the journeys. Raises BadInput for steps that are not known.
        """
        parameters = self.parameters
        waits = step_waits(parameters)
        unknown = [name for name in steps if name not in waits]
        if unknown:
            raise BadInput(
                f"there is no step '{unknown[0]}'",
                field="steps",
                mend=did_you_mean(unknown[0], waits),
            )
        asked = self._asked(steps, terms, waits)
        if terms.journey is None:
            minutes, cost, hours = asked
            return replace(
                Outcome.nothing(len(self)), minutes=minutes, profit=-cost, underwriter_hours=hours
            )
        self._refuse(terms)
        waited = replace(terms, wait_days=float(sum(waits[name] for name in steps)))
        return self._outcome(waited, steps, asked)

    def _asked(
        self, steps: Sequence[str], terms: Terms, waits: Mapping[str, float]
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Expected minutes, cost and underwriter hours (N,) of who are still there at each step."""
        parameters, kind = self.parameters, self.latent.kind
        pd = expit(self.latent.log_odds) if terms.journey is None else self.pd(terms)
        good, bad = 1.0 - pd, pd  # shares of those who started and are still there
        sums = np.zeros((3, len(self)))
        for name in steps:
            step = parameters.steps[name]
            hours = step.work_hours if step.staff == "underwriter" else 0.0
            sums += np.array([[step.minutes], [step.cost], [hours]]) * (good + bad)
            stays = staying(parameters, [name], np.asarray(waits[name]))
            passes = passing_chances(parameters, [name])
            bad, good = bad * stays * passes[0][kind], good * stays * passes[1][kind]
        return sums[0], sums[1], sums[2]

    def _outcome(
        self,
        terms: Terms,
        steps: Sequence[str],
        asked: tuple[FloatArray | float, FloatArray | float, FloatArray | float],
    ) -> Outcome:
        """What comes of an offer after these steps; `asked` are minutes, cost and hours."""
        parameters, latent = self.parameters, self.latent
        amount, apr, term, wait = self._columns(terms)
        stays = staying(parameters, steps, wait)
        pd = self.pd(terms)
        bad, good = (each[latent.kind] for each in passing_chances(parameters, steps))
        passes = (1 - pd) * good + pd * bad
        pd_booked = pd * bad / passes
        utility = take_up_utility(parameters, latent.log_odds, apr, amount / self.amount, wait)
        take_up = expit(utility)
        booked = stays * passes * take_up
        loan = worth(parameters, (pd_booked, latent.lgd), (amount, apr, term))
        surplus = np.logaddexp(0.0, utility) / abs(parameters.take_up.price) * loan.money_years
        minutes, cost, hours = asked
        return Outcome(
            completion=stays,
            passes=passes,
            take_up=take_up,
            booked=booked,
            pd=pd,
            pd_booked=pd_booked,
            pd_term=loan.pd_term,
            exposure=booked * amount,
            expected_loss=booked * loan.expected_loss,
            capital_charge=booked * loan.capital_charge,
            profit=booked * (loan.margin - loan.expected_loss - loan.capital_charge) - cost,
            good_customers_served=stays * take_up * (1 - pd) * good,
            customer_surplus=stays * passes * surplus,
            minutes=np.zeros(len(self)) + minutes,
            underwriter_hours=np.zeros(len(self)) + hours,
        )

    def of_choice(self, choice: IntArray, treatments: Sequence[Terms]) -> Outcome:
        """The true outcome of giving applicant i the treatment `treatments[choice[i]]`.

        `choice` is (N,). Terms with arrays hold one entry per applicant.
        """
        if len(choice) != len(self):
            raise BadInput(
                f"{len(choice)} choices for {len(self)} applicants",
                field="choice",
                mend="give one choice per applicant, in the order of truth.parquet",
            )
        whole = Outcome.nothing(len(self))
        for position, terms in enumerate(treatments):
            rows = np.flatnonzero(choice == position)
            if terms.journey is None or not len(rows):
                continue
            part = self.rows(rows).outcome(_terms_of(terms, rows))
            for field in fields(Outcome):
                getattr(whole, field.name)[rows] = getattr(part, field.name)
        return whole

    def pd(self, terms: Terms) -> FloatArray:
        """(N,) PD within the window at these terms, before any check."""
        return np.asarray(
            expit(
                log_odds_at(
                    self.parameters,
                    self.latent.log_odds,
                    self.latent.income,
                    (self.amount, self.todays_apr, self.term),
                    (np.asarray(terms.amount), terms.apr, terms.term_months),
                )
            )
        )

    def checks(self, weights: FloatArray | None = None) -> dict[str, CheckTruth]:
        """Each check's effective figures at today's price, on average over applicants.

        `weights` (N,) says how much each counts, such as the chance to be booked: what a study of
        booked loans finds differs from what one of all applicants would.
        """
        pd = expit(self.latent.log_odds)
        weight = np.ones(len(self)) if weights is None else weights
        result = {}
        for name in self.parameters.checks:
            sensitivity, false_alarm = stop_chances(self.parameters, name)
            result[name] = CheckTruth(
                float(np.average(sensitivity[self.latent.kind], weights=weight * pd)),
                float(np.average(false_alarm[self.latent.kind], weights=weight * (1 - pd))),
            )
        return result

    def frame(self) -> pl.DataFrame:
        """The truth as columns, one row per applicant."""
        kinds = np.array(KINDS)
        return pl.DataFrame(
            {
                "kind": kinds[self.latent.kind],
                "true_monthly_income": self.latent.income,
                "log_odds": self.latent.log_odds,
                "lgd": self.latent.lgd,
                "todays_apr": self.todays_apr,
                "amount_asked": self.amount,
                "term_asked": self.term,
            }
        )

    def _columns(self, terms: Terms) -> tuple[FloatArray, FloatArray, IntArray, FloatArray]:
        """Amount, APR, term and waiting as (N,) columns."""
        wait = terms.wait_days
        if wait is None and terms.journey is not None:
            wait = self.parameters.journeys[terms.journey].wait_days
        n = len(self)
        return (
            np.broadcast_to(np.asarray(terms.amount, dtype=np.float64), n),
            np.broadcast_to(np.asarray(terms.apr, dtype=np.float64), n),
            np.broadcast_to(np.asarray(terms.term_months, dtype=np.int64), n),
            np.broadcast_to(np.asarray(wait, dtype=np.float64), n),
        )

    def _refuse(self, terms: Terms) -> None:
        if terms.journey not in self.parameters.journeys:
            raise BadInput(
                f"there is no journey '{terms.journey}'",
                field="journey",
                mend=f"known journeys: {', '.join(self.parameters.journeys)}",
            )
        for name in ("apr", "amount", "term_months"):
            value = np.asarray(getattr(terms, name))
            if not np.all(value > 0):
                raise BadInput(
                    f"{name} of '{terms.name or terms.journey}' is not positive everywhere",
                    field=name,
                    mend="an offer needs a price, an amount and a term",
                )
            if value.shape not in ((), (len(self),)):
                raise BadInput(
                    f"{name} has shape {value.shape} for {len(self)} applicants",
                    field=name,
                    mend="give one number, or one per applicant",
                )


def _terms_of(terms: Terms, rows: IntArray) -> Terms:
    """The same terms for some of the applicants."""
    return replace(
        terms,
        apr=np.asarray(terms.apr, dtype=np.float64)[_some(terms.apr, rows)],
        amount=np.asarray(terms.amount, dtype=np.float64)[_some(terms.amount, rows)],
        term_months=np.asarray(terms.term_months)[_some(terms.term_months, rows)],
        wait_days=None
        if terms.wait_days is None
        else np.asarray(terms.wait_days, dtype=np.float64)[_some(terms.wait_days, rows)],
    )


def _some(value: object, rows: IntArray) -> IntArray | EllipsisType:
    """The index that takes `rows` of an array and leaves a single number alone."""
    return rows if np.ndim(value) else ...  # type: ignore[arg-type]


def read_truth(folder: Path) -> Truth:
    """The truth of a lender written by `write_lender`. Raises BadInput where it is missing."""
    file = folder / TRUTH_FILE
    if not file.exists():
        raise BadInput(
            "there is no known truth here",
            where=Span(str(file)),
            mend="only a simulated lender has one: `equipoise simulate DIR`",
        )
    frame = pl.read_parquet(file)
    kind = np.searchsorted(np.sort(KINDS), frame["kind"].to_numpy().astype(str))
    order = np.argsort(KINDS)
    latent = Latent(
        order[kind],
        frame["true_monthly_income"].to_numpy(),
        frame["log_odds"].to_numpy(),
        frame["lgd"].to_numpy(),
    )
    parameters = read_parameters(folder / PARAMETERS_FILE)
    columns = (frame[name].to_numpy() for name in ("todays_apr", "amount_asked", "term_asked"))
    return Truth(parameters, latent, *columns)
