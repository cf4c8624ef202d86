"""How applicants behave: leaving, accepting, defaulting, and what the checks see of them.

These are the true mechanisms, in one place for the history and for the truth. Arrays broadcast.
"""

from __future__ import annotations

import numpy as np

from equipoise.simulation.loan import instalment
from equipoise.simulation.parameters import KINDS, Parameters, Step
from equipoise.simulation.streams import FloatArray, IntArray


def journey_steps(parameters: Parameters, journey: str) -> dict[str, Step]:
    """The steps of a journey, in order."""
    return {name: parameters.steps[name] for name in parameters.journeys[journey].steps}


def completion(parameters: Parameters, journey: str, wait_days: FloatArray) -> FloatArray:
    """Chance that one who starts the journey stays to its end."""
    steps = journey_steps(parameters, journey).values()
    stay = float(np.prod([1 - step.drop_off for step in steps]))
    return np.asarray(stay * np.exp(-parameters.waiting.hazard * wait_days))


def log_odds_at(
    parameters: Parameters,
    log_odds: FloatArray,
    income: FloatArray,
    today: tuple[FloatArray, FloatArray, IntArray],
    offered: tuple[FloatArray, FloatArray | float, FloatArray | IntArray | int],
) -> FloatArray:
    """Log-odds of default within the window at offered terms, before any check.

    `today` and `offered` are (amount, APR, term). `log_odds` hold at today's price for the
    applicant's tier and the amount and term asked. A price above it selects the worse, a larger
    instalment is harder to bear.
    """
    default = parameters.default
    amount, apr, term = offered
    burden = (instalment(amount, apr, term) - instalment(*today)) / income
    return log_odds + default.price * (apr - today[1]) + default.burden * burden


def take_up_utility(
    parameters: Parameters,
    log_odds: FloatArray,
    apr: FloatArray | float,
    share: FloatArray | float,
    wait_days: FloatArray | float,
) -> FloatArray:
    """Utility of the offer against the best alternative; take-up is its logistic function."""
    take_up = parameters.take_up
    return np.asarray(
        take_up.intercept
        + take_up.price * (apr - take_up.reference_apr)
        + take_up.amount * np.log(share)
        + take_up.waiting * wait_days
        + take_up.risk * log_odds
    )


def stop_chances(parameters: Parameters, check: str) -> tuple[FloatArray, FloatArray]:
    """Sensitivity and false alarm of one check, each (3,), in the order of KINDS."""
    stops = parameters.steps[check].stops
    if stops is None:
        return np.zeros(len(KINDS)), np.zeros(len(KINDS))
    return (
        np.array([stops[kind].sensitivity for kind in KINDS]),
        np.array([stops[kind].false_alarm for kind in KINDS]),
    )


def passing_chances(parameters: Parameters, journey: str) -> tuple[FloatArray, FloatArray]:
    """Chance to pass all checks of a journey for (defaulters, payers), each (3,) by KINDS.

    Given who one is and whether one will default, the checks err independently.
    """
    bad, good = np.ones(len(KINDS)), np.ones(len(KINDS))
    for step in parameters.journeys[journey].steps:
        sensitivity, false_alarm = stop_chances(parameters, step)
        bad, good = bad * (1 - sensitivity), good * (1 - false_alarm)
    return bad, good
