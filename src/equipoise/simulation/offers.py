"""What each applicant was given, and who would default under it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.simulation.menu import MenuTable, Terms
from equipoise.simulation.parameters import Parameters
from equipoise.simulation.policy import Assignment
from equipoise.simulation.population import Population
from equipoise.simulation.streams import Streams
from equipoise.simulation.truth import Truth


@dataclass(frozen=True, slots=True)
class Offers:
    """(N,) columns; `journey` is a position in the journeys, -1 where declined.

    Terms are NaN where declined; `pd` is before checks; `defaults` says who will default within
    the window if the loan is booked.
    """

    journey: IntArray
    made: BoolArray
    apr: FloatArray
    share: FloatArray
    amount: FloatArray
    pd: FloatArray
    defaults: BoolArray


def make_offers(
    parameters: Parameters,
    menu: MenuTable,
    population: Population,
    assignment: Assignment,
    streams: Streams,
) -> Offers:
    """Turn the treatments assigned into terms, and draw who would default under them."""
    seen = population.observed
    journeys = list(parameters.journeys)
    positions = [
        -1 if item.journey is None else journeys.index(item.journey) for item in menu.items
    ]
    journey = np.array(positions)[assignment.choice]
    made = journey >= 0
    shift = np.array([item.price_shift for item in menu.items])[assignment.choice]
    share = np.array([item.amount_share for item in menu.items])[assignment.choice]
    apr = np.where(made, menu.apr(assignment.todays_apr, shift), np.nan)
    amount = np.where(made, seen.amount * share, np.nan)
    truth = Truth(parameters, population.latent, assignment.todays_apr, seen.amount, seen.term)
    pd = truth.pd(Terms(None, apr, amount, seen.term))
    return Offers(
        journey=journey,
        made=made,
        apr=apr,
        share=np.where(made, share, np.nan),
        amount=amount,
        pd=pd,
        defaults=streams.uniform("default") < pd,  # declined: never, as their PD is NaN
    )
