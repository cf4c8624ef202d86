"""What a trial's own arms say of take-up: a coefficient measured on the offers that it made.

Which arm a person is in was drawn by lot; which price or amount they were offered within it was
not, since offers follow risk and bargaining. So only what differs between the arms measures the
coefficient: the arm is the instrument. Control function for a logit: Terza, Basu and Rathouz,
"Two-stage residual inclusion estimation" (Journal of Health Economics 27(3), 2008), written out
for one linear first stage. The interval holds on every day since the trial began, because a trial
may be ended on any (`review.trials.sequences`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import logit

from equipoise.errors import BadInput
from equipoise.experience.logistic import fit_logit
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.review.learning.proposing import FROM_OFFERS, Measurement
from equipoise.review.trials.sequences import boundary, tightest

PRICE, AMOUNT = FROM_OFFERS
LEAST = 10  # offers taken, and as many left, in each arm
ERROR = 0.025  # of each side: the interval is of 95 %
_SURE = 4.0  # standard errors: arms that differ by more differ in more than was to be tried
_FLAT = 1e-9  # of a column's variance: what is left of it is rounding


@dataclass(frozen=True, slots=True)
class TrialOffers:
    """Offers of a trial whose answers are known; arrays of shape (offers,).

    `challenger` says whose an offer is, `apr` is a fraction a year, `relative` the amount offered
    over the one asked for (NaN where nobody can tell), `pd` as the strategy saw it. `served` are
    the people each arm decided by now, the champion's first; `known_on` is the day on which the
    last of these answers was known.
    """

    trial: str
    challenger: BoolArray
    apr: FloatArray
    relative: FloatArray
    pd: FloatArray
    taken: BoolArray
    served: tuple[int, int]
    known_on: date

    @property
    def per_arm(self) -> tuple[int, int]:
        """How many offers, the champion's first."""
        return int((~self.challenger).sum()), int(self.challenger.sum())


def measured(offers: TrialOffers, name: str, planned: int) -> Measurement:
    """The take-up coefficient of that name with its interval, which is narrowest at `planned`
    outcomes of the challenger.

    Raises BadInput where the trial cannot say: another input, too few outcomes, arms that offer to
    different people or differ in another term too, or not in this one.
    """
    if name not in FROM_OFFERS:
        raise BadInput(
            f"'{name}' cannot be read from the offers of a trial",
            field=name,
            mend="give what was measured elsewhere, with its source",
        )
    _check_enough(offers)
    _check_alike(offers)
    term, other = offers.apr, _log(offers.relative)
    if name == AMOUNT:
        term, other = other, term
    if not np.isfinite(term).all():
        raise BadInput("nobody can tell which amounts were asked for", field=name)
    controls = [np.ones(term.size), logit(np.clip(offers.pd, 1e-9, 1 - 1e-9))]
    arm = offers.challenger.astype(np.float64)
    if np.isfinite(other).all():
        apart = _between(other, arm, controls)
        if abs(apart.value) > max(_SURE * apart.error, 1e-9):
            raise BadInput(
                "the arms also differ in another term of the offer: what people answered to "
                "cannot be told apart",
                field=name,
            )
        controls.append(other)
    value, error = _slope(term, arm, _varying(controls), offers.taken, name)
    _, outcomes = offers.per_arm
    reach = error * float(boundary(tightest(ERROR) * outcomes / planned, ERROR))
    return Measurement(
        name, value, value - reach, value + reach, sum(offers.per_arm), offers.known_on,
        f"trial {offers.trial}",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Apart:
    """How far the arms are apart in a column, with its standard error, and whether anything of the
    column is left beside the arms and the controls."""

    value: float
    error: float
    varies: bool


def _slope(
    term: FloatArray, arm: FloatArray, controls: list[FloatArray], taken: BoolArray, name: str
) -> tuple[float, float]:
    """The coefficient and its standard error, by the delta method.

    Of log-odds a term + b arm + controls, and a first stage term = c arm + controls, the slope that
    the lot identifies is a + b / c: b is what of the term's pull within an arm was no lot's.
    """
    apart = _between(term, arm, controls)
    if not abs(apart.value) > max(_SURE * apart.error, 1e-9):
        raise BadInput(
            "the arms do not differ in what this coefficient multiplies",
            field=name,
            mend="try a challenger that does",
        )
    columns = [arm, *controls] if not apart.varies else [arm, *controls, term]
    model = fit_logit(np.column_stack(columns), taken)
    weight = np.zeros(len(columns))
    weight[0] = 1 / apart.value
    if apart.varies:
        weight[-1] = 1.0
    value = float(weight @ model.coefficients)
    first = (model.coefficients[0] / apart.value**2 * apart.error) ** 2
    return value, sqrt(float(weight @ model.covariance @ weight) + float(first))


def _between(column: FloatArray, arm: FloatArray, controls: list[FloatArray]) -> _Apart:
    """Least squares of a column on the arm and the controls."""
    design: Any = np.column_stack([arm, *_varying(controls)])
    solved, *_ = np.linalg.lstsq(design, column, rcond=None)
    left = column - design @ solved
    variance = float(left @ left) / max(column.size - design.shape[1], 1)
    error = sqrt(variance * float(np.linalg.pinv(design.T @ design)[0, 0]))
    varies = variance > _FLAT * max(float(np.mean(column**2)), 1e-300)
    return _Apart(float(solved[0]), error, varies)


def _varying(controls: list[FloatArray]) -> list[FloatArray]:
    return [controls[0], *(each for each in controls[1:] if np.ptp(each) > 1e-12)]


def _check_enough(offers: TrialOffers) -> None:
    for arm in (offers.challenger, ~offers.challenger):
        taken = int((offers.taken & arm).sum())
        if min(taken, int(arm.sum()) - taken) < LEAST:
            raise BadInput(
                f"an arm has fewer than {LEAST} offers that were taken, or that were left",
                mend="wait for more outcomes",
            )


def _check_alike(offers: TrialOffers) -> None:
    """Whether each arm made offers to as large a part of its people: so they are alike, by lot."""
    (one, two), (of_one, of_two) = offers.per_arm, offers.served
    both = (one + two) / (of_one + of_two)
    spread = sqrt(both * (1 - both) * (1 / of_one + 1 / of_two))
    if abs(two / of_two - one / of_one) > _SURE * spread + 1e-12:
        raise BadInput(
            "the challenger makes offers to other people than the champion: their answers do not "
            "compare"
        )


def _log(relative: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(relative))
