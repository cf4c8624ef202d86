"""The columns of applications and of the known truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from equipoise.simulation.columns import application_ids, dates, names, numbers, where
from equipoise.simulation.history import History
from equipoise.simulation.loan import instalment
from equipoise.simulation.menu import MenuTable, Terms
from equipoise.simulation.parameters import Parameters
from equipoise.simulation.policy import ASSIGNMENTS, CHAMPION
from equipoise.simulation.population import Observed, Population
from equipoise.simulation.truth import Truth

Columns = dict[str, pl.Series]
_PROOF, _OWN = "income_proof", "self_employed"
_ARRIVES = ("salary", "own_business")  # how an income does


def application_frame(
    parameters: Parameters, menu: MenuTable, population: Population, history: History
) -> pl.DataFrame:
    """One row per applicant, in the order of their ids."""
    rows = np.arange(len(population))
    columns: Columns = {"application_id": application_ids(rows, history.first)}
    columns |= _asked(parameters, population.observed)
    columns |= _treated(parameters, menu, population.observed, history)
    columns |= _walked(parameters, history)
    columns |= _lived(history, parameters.default.window_months)
    columns |= _proved(population.observed, history)
    return pl.DataFrame(columns)


def truth_frame(truth: Truth, treatments: Sequence[Terms], history: History) -> pl.DataFrame:
    """The latent columns, and the true outcome of the treatment each applicant was given."""
    given = truth.of_choice(history.assignment.choice, treatments)
    ids = application_ids(np.arange(len(truth)), history.first)
    return (
        truth.frame()
        .insert_column(0, ids)
        .with_columns(
            pl.Series("given_completion", given.completion),
            pl.Series("given_passes", given.passes),
            pl.Series("given_take_up", given.take_up),
            pl.Series("given_pd", given.pd),
            pl.Series("given_pd_booked", given.pd_booked),
            pl.Series("given_expected_loss", given.expected_loss),
            pl.Series("given_profit", given.profit),
        )
    )


def _asked(parameters: Parameters, seen: Observed) -> Columns:
    return {
        "application_date": dates(parameters.calendar.first_date, seen.applied_day),
        "age": pl.Series(seen.age),
        "sex": names(seen.sex.codes, seen.sex.names),
        "region": names(seen.region.codes, seen.region.names),
        "channel": names(seen.channel.codes, seen.channel.names),
        "employment_type": names(seen.employment.codes, seen.employment.names),
        "months_employed": pl.Series(seen.months_employed),
        "home_ownership": names(seen.home.codes, seen.home.names),
        "monthly_income": pl.Series(seen.income),
        "debt_payments": pl.Series(seen.debt_payments),
        "dti": pl.Series(seen.dti),
        "bureau_score": numbers(seen.bureau_score),
        "utilisation": pl.Series(seen.utilisation),
        "enquiries": pl.Series(seen.enquiries),
        "months_since_delinquency": where(
            seen.months_since_delinquency, seen.months_since_delinquency >= 0
        ),
        "purpose": names(seen.purpose.codes, seen.purpose.names),
        "amount_asked": pl.Series(seen.amount),
        "term_asked": pl.Series(seen.term),
    }


def _treated(parameters: Parameters, menu: MenuTable, seen: Observed, history: History) -> Columns:
    given = history.assignment
    offers = history.offers
    return {
        "tier": names(given.tier, tuple(parameters.policy.tiers)),
        "todays_apr": pl.Series(given.todays_apr),
        "todays_instalment": pl.Series(
            np.round(instalment(seen.amount, given.todays_apr, seen.term), 2)
        ),
        "todays_treatment": names(given.champion, menu.names),
        "offered_treatment": names(given.choice, menu.names),
        "offered_journey": names(offers.journey, tuple(parameters.journeys)),
        "offered_apr": numbers(offers.apr),
        "offered_amount": numbers(offers.amount),
        "offered_term": where(seen.term, offers.made),
        "offered_instalment": numbers(
            np.round(instalment(offers.amount, offers.apr, seen.term), 2)
        ),
        "propensity": pl.Series(given.propensity),
        "explored": pl.Series(given.how != CHAMPION),
        "assignment": names(given.how, ASSIGNMENTS),
        "checks_acted": pl.Series(given.acted),
    }


def _walked(parameters: Parameters, history: History) -> Columns:
    way = history.way
    steps = tuple(parameters.steps)
    columns: Columns = {
        "left_at_step": names(way.left_at, steps),
        "left_while_waiting": where(way.left_waiting, way.left_at >= 0),
        "completed": where(way.completed, history.offers.made),
        "wait_days": where(np.round(way.wait_days, 4), way.completed),
    }
    for check, result in way.stops.items():
        columns[f"{check}_stop"] = where(result == 1, result >= 0)
    columns["passed"] = where(way.passed, way.completed)
    return columns


def _proved(seen: Observed, history: History) -> Columns:
    """What the check of an income asks for: of those who came to it."""
    reached = history.way.stops[_PROOF] >= 0
    own = seen.employment.codes == seen.employment.names.index(_OWN)
    return {
        "payslip": pl.Series(reached),
        "income_arrives": names(np.where(reached, own.astype(np.int64), -1), _ARRIVES),
    }


def _lived(history: History, window: int) -> Columns:
    loans = history.loans
    defaulted = loans.default_month > 0
    early = defaulted & (loans.default_month <= window)
    return {
        "accepted": where(loans.booked, history.way.passed),
        "booked": pl.Series(loans.booked),
        "months_observed": where(loans.months_observed, loans.booked),
        f"default_{window}m": where(early, loans.mature),
        "defaulted": where(defaulted, loans.booked),
        "default_month": where(loans.default_month, defaulted),
        "exposure_at_default": numbers(loans.exposure_at_default),
        "loss": numbers(loans.loss),
    }
