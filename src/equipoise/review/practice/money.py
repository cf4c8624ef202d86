"""What answers were worth in money on the same cases: the person's, the model's, the strategy's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.review.fairness.intervals import UNKNOWN, Interval, mean
from equipoise.review.practice.answers import Answers


@dataclass(frozen=True, slots=True)
class Money:
    """Money a case on average: the person's, and how much more that is than the model's and, on
    the `decided` cases that the strategy answered by itself, than the strategy's."""

    person: Interval
    above_model: Interval
    above_strategy: Interval
    decided: int


def worth(answers: Answers, level: float) -> Money:
    """The person's answers in money, each difference paired on the same cases.

    The model lends where it expects to earn. What was declined is worth nothing. Not known where
    nothing says what a loan is worth.
    """
    known = answers.only(np.isfinite(answers.if_good) & np.isfinite(answers.if_bad))
    own = earned(known, known.approves)
    other = earned(known, model_lends(known))
    decided = known.decides
    strategy = earned(known, known.lends)
    return Money(
        person=mean(own, level),
        above_model=_paired(own - other, level),
        above_strategy=_paired((own - strategy)[decided], level),
        decided=int(decided.sum()),
    )


def earned(answers: Answers, lent: BoolArray) -> FloatArray:
    """Money of each case (n,) had it been answered so."""
    return np.where(lent, np.where(answers.bad, -answers.if_bad, answers.if_good), 0.0)


def model_lends(answers: Answers) -> BoolArray:
    """Where the model expects a loan to earn."""
    expected = (1 - answers.model) * answers.if_good - answers.model * answers.if_bad
    return np.asarray(expected > 0)


def _paired(differences: FloatArray, level: float) -> Interval:
    """Of answers that never differ the difference is 0; no interval can be made of that."""
    if differences.size >= 2 and not differences.any():
        return UNKNOWN
    return mean(differences, level)
