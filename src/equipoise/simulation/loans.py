"""What became of booked loans by the observation date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.simulation.behaviour import passing_chances
from equipoise.simulation.loan import balance_after
from equipoise.simulation.offers import Offers
from equipoise.simulation.parameters import Parameters
from equipoise.simulation.population import DAYS_PER_MONTH, Population
from equipoise.simulation.streams import Streams

DAYS_TO_BOOK = 1.0


@dataclass(frozen=True, slots=True)
class Loans:
    """(N,) columns, meaningful where booked.

    `default_month` counts from 1 and is the first instalment never paid; 0 where none is seen by
    the observation date or the end of the term. `mature` loans were watched for the whole window.
    """

    booked: BoolArray
    months_observed: IntArray
    default_month: IntArray
    mature: BoolArray
    exposure_at_default: FloatArray
    loss: FloatArray


def watch_loans(
    parameters: Parameters,
    population: Population,
    offers: Offers,
    booked: tuple[BoolArray, BoolArray, FloatArray],
    streams: Streams,
) -> Loans:
    """Follow the loans. `booked` is (who, whether the checks were acted on, decided at hour)."""
    who, acted, decided = booked
    window = parameters.default.window_months
    term = population.observed.term
    watched = months_watched(parameters, decided)
    months_observed = np.where(who, np.clip(watched, 0, term), 0)
    pd = np.where(acted, _pd_after_checks(parameters, offers, population.latent.kind), offers.pd)
    month = _default_months(window, np.flatnonzero(who), offers.defaults, pd, streams)
    seen = who & (month <= months_observed)
    month = np.where(seen, month, 0)
    owed = balance_after(offers.amount, offers.apr, term, np.maximum(month - 1, 0))
    at_default = np.where(seen, owed, np.nan)
    share = streams.beta("recovery", population.latent.lgd, parameters.loss.precision)
    closed = seen & (month + parameters.loss.months_to_close <= watched)
    return Loans(
        booked=who,
        months_observed=months_observed,
        default_month=month,
        mature=who & (watched >= window),
        exposure_at_default=at_default,
        loss=np.where(closed, share * at_default, np.nan),
    )


def months_watched(parameters: Parameters, decided: FloatArray) -> IntArray:
    """Whole months from booking to the observation date (N,), of those decided at these hours."""
    calendar = parameters.calendar
    span = (calendar.observation_date - calendar.first_date).days
    watched = np.floor((span - decided / 24.0 - DAYS_TO_BOOK) / DAYS_PER_MONTH)
    return np.asarray(watched.astype(np.int64))


def _pd_after_checks(parameters: Parameters, offers: Offers, kind: IntArray) -> FloatArray:
    chances = [passing_chances(parameters, each.steps) for each in parameters.journeys.values()]
    bad = offers.pd * np.array([each[0] for each in chances])[offers.journey, kind]
    good = (1 - offers.pd) * np.array([each[1] for each in chances])[offers.journey, kind]
    return np.asarray(bad / (bad + good))


def _default_months(
    window: int, rows: IntArray, defaults: BoolArray, pd: FloatArray, streams: Streams
) -> IntArray:
    """(N,) month of default of the loans in `rows`, given who defaults within the window.

    The hazard is constant and gives `pd` over the window: within it the month is a truncated
    geometric variate, beyond it an untruncated one.
    """
    lot = streams.uniform("default_month")[rows]
    log_alive = np.log1p(-pd[rows]) / window
    within = np.log1p(-lot * pd[rows]) / log_alive
    beyond = window + np.log1p(-lot) / log_alive
    month = np.zeros(len(pd), dtype=np.int64)
    month[rows] = np.where(defaults[rows], within, beyond).astype(np.int64) + 1
    return month
