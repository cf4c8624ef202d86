"""How applicants behave: leaving, accepting, defaulting, and what the checks see of them.

These are the true mechanisms, in one place for the history and for the truth. Arrays broadcast.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.simulation.loan import instalment
from equipoise.simulation.parameters import KINDS, Parameters, Step


def journey_steps(parameters: Parameters, journey: str) -> dict[str, Step]:
    """The steps of a journey, in order."""
    return {name: parameters.steps[name] for name in parameters.journeys[journey].steps}


def staying(parameters: Parameters, names: Sequence[str], wait_days: FloatArray) -> FloatArray:
    """Chance that one who starts these steps stays to their end."""
    steps = [parameters.steps[name] for name in names]
    stay = float(np.prod([1 - step.drop_off for step in steps]))
    return np.asarray(stay * np.exp(-parameters.waiting.hazard * wait_days))


def step_waits(parameters: Parameters) -> dict[str, float]:
    """Mean calendar days that each step keeps one waiting for staff: what it adds to a journey.

    Raises BadInput where two such steps always come together.
    """
    waits = {name: 0.0 for name, step in parameters.steps.items() if step.staff is None}
    for name, each in sorted(parameters.journeys.items(), key=lambda item: len(item[1].steps)):
        new = [step for step in each.steps if step not in waits]
        if len(new) > 1:
            raise BadInput(
                f"journey '{name}' adds {' and '.join(new)} at once, so nobody can tell how long "
                "each keeps one waiting",
                field=f"journeys.{name}",
                mend="add a journey that has one of them alone",
            )
        rest = each.wait_days - sum(waits[step] for step in each.steps if step not in new)
        waits.update({step: round(rest, 9) for step in new})
    return waits


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


def passing_chances(parameters: Parameters, steps: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Chance to pass all checks among these steps for (defaulters, payers), each (3,) by KINDS.

    Given who one is and whether one will default, the checks err independently.
    """
    bad, good = np.ones(len(KINDS)), np.ones(len(KINDS))
    for step in steps:
        sensitivity, false_alarm = stop_chances(parameters, step)
        bad, good = bad * (1 - sensitivity), good * (1 - false_alarm)
    return bad, good
