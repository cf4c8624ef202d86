"""Whether a person's answers get better the more they practise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from equipoise.numeric.intervals import student_quantile
from equipoise.review.fairness.intervals import UNKNOWN, Interval
from equipoise.review.practice.answers import Answers

Answer = Literal["too_few", "better", "worse", "open"]
LEAST = 40
PER = 50
BLOCK = 20


@dataclass(frozen=True, slots=True)
class Block:
    """Answers in a row, from number `first` on: the mean Brier score above the model's."""

    first: int
    n: int
    above_model: float


@dataclass(frozen=True, slots=True)
class Learning:
    """How the Brier score above the model's moves per `per` answers; below 0 it gets better."""

    answer: Answer
    per: int
    change: Interval
    blocks: tuple[Block, ...]


def learning(answers: Answers, level: float) -> Learning:
    """A straight line through the person's squared errors less the model's, by answer.

    The model's are subtracted as they say how hard a case was. The slope's error does not assume
    that all answers scatter alike (HC3). Source: MacKinnon and White 1985, Journal of Econometrics
    29.
    """
    error = np.square(answers.stated - answers.bad) - np.square(answers.rounded - answers.bad)
    n = answers.size
    blocks = tuple(
        Block(
            first + 1, error[first : first + BLOCK].size, float(error[first : first + BLOCK].mean())
        )
        for first in range(0, n, BLOCK)
    )
    if n < LEAST:
        return Learning("too_few", PER, UNKNOWN, blocks)
    at = np.arange(n, dtype=np.float64)
    at -= at.mean()
    spread = float(at @ at)
    slope = float(at @ error) / spread
    left = error - error.mean() - slope * at
    leverage = 1 / n + np.square(at) / spread
    scatter = float(np.sqrt(np.sum(np.square(at * left / (1 - leverage))))) / spread
    half = student_quantile(n - 2, level) * scatter
    change = Interval(*(PER * each for each in (slope, slope - half, slope + half)))
    answer: Answer = "better" if change.high < 0 else "worse" if change.low > 0 else "open"
    return Learning(answer, PER, change, blocks)
