"""What answers were worth in money on the same cases: the person's, the model's, the strategy's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.review.fairness.intervals import UNKNOWN, Interval
from equipoise.review.practice.answers import Answers
from equipoise.review.practice.scoring import guarded


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
    decided = known.only(known.decides)
    return Money(
        person=_against(known, np.zeros(known.size, dtype=bool), level),
        above_model=_against(known, model_lends(known), level),
        above_strategy=_against(decided, decided.lends, level),
        decided=decided.size,
    )


def earned(answers: Answers, lent: BoolArray) -> FloatArray:
    """Money of each case (n,) had it been answered so."""
    return np.where(lent, np.where(answers.bad, -answers.if_bad, answers.if_good), 0.0)


def model_lends(answers: Answers) -> BoolArray:
    """Where the model expects a loan to earn."""
    expected = (1 - answers.model) * answers.if_good - answers.model * answers.if_bad
    return np.asarray(expected > 0)


def _against(of: Answers, other: BoolArray, level: float) -> Interval:
    """The person's answers less others in money; of answers that never differ the difference is
    0, and no interval can be made of that."""
    if not of.size or not (of.approves ^ other).any():
        return UNKNOWN
    more = float(of.approves.mean() - other.mean())
    if_bad, if_good = -more * float(of.if_bad.mean()), more * float(of.if_good.mean())
    return guarded(earned(of, of.approves) - earned(of, other), if_bad, if_good, level)
