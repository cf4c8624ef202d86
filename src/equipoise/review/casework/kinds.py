"""A synthetic flow of cases of several kinds, whose truth is known: where the machine is wrong."""

from __future__ import annotations

import numpy as np
import polars as pl
from pydantic import Field

from equipoise.authority.document import Code
from equipoise.documents import Document
from equipoise.experience.calendar import BusinessCalendar
from equipoise.numeric.arrays import FloatArray
from equipoise.review.casework.arrivals import SyntheticFlow


class KindOfCase(Document):
    """What sends such cases to a person, and what they are.

    `share` is their weight among all kinds, `wrong` the share in which the machine's answer is
    wrong, `stake` what the right answer is worth as a share of the amount, `minutes` the mean work
    of a signature with the coefficient of variation `spread`.
    """

    share: float = Field(gt=0)
    wrong: float = Field(ge=0, le=1)
    stake: float = Field(default=0.05, ge=0)
    minutes: float = Field(default=30, gt=0)
    spread: float = Field(default=0.6, ge=0)


class FlowOfKinds(Document):
    """Arrivals of `cases`, each of one of the `kinds`; the kind's code is its exception.

    The desk knows each case's kind: its `chance` is the kind's share of wrong answers, its
    `expected` minutes the kind's mean. Which answers are `wrong` and how long the work takes is
    drawn.
    """

    cases: SyntheticFlow
    kinds: dict[Code, KindOfCase] = Field(min_length=1)

    def draw(self, calendar: BusinessCalendar, rng: np.random.Generator) -> pl.DataFrame:
        """One flow, as `checked_flow` takes it."""
        frame = self.cases.draw(calendar, rng)
        listed = list(self.kinds.values())
        share = np.array([each.share for each in listed])
        at = rng.choice(len(listed), frame.height, p=share / share.sum())
        wrong, stake, minutes, spread = (
            np.array([getattr(each, name) for each in listed])[at]
            for name in ("wrong", "stake", "minutes", "spread")
        )
        kind = pl.Series(list(self.kinds), dtype=pl.String).gather(at)
        return frame.with_columns(
            kind=kind,
            exceptions=pl.concat_list(pl.lit(kind)),
            person=True,
            stake=pl.col("amount") * pl.Series(stake),
            chance=pl.Series(wrong),
            wrong=pl.Series(rng.random(at.size) < wrong),
            expected=pl.Series(minutes),
            minutes=pl.Series(_lognormal(minutes, spread, rng)),
        )


def _lognormal(mean: FloatArray, spread: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Draws (n,) with that mean and coefficient of variation."""
    variance = np.log1p(spread**2)
    shape = rng.standard_normal(mean.size)
    drawn: FloatArray = mean * np.exp(np.sqrt(variance) * shape - variance / 2)
    return drawn
