"""Who applies, as far as a strategy reads it: how often each fact has which value, and how facts
go together. No applicant stands in it: quantiles and shares, and a correlation of their ranks.

A fact is a normal score (a Gaussian copula): facts that are known fix their scores, and the others
are drawn from what is left, so that a fact which goes with a known one moves with it.
Source: Nelsen, An Introduction to Copulas, 2006.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from math import erf, sqrt
from statistics import NormalDist

import numpy as np
from pydantic import Field

from equipoise.documents import Document
from equipoise.numeric.arrays import FloatArray

Value = bool | int | float | str | None
_STANDARD = NormalDist()
_SEED = 20_260
_LEAST = 1e-4  # a rank is never nearer to either end


class Margin(Document):
    """One fact of the population by its rank from 0 to 1, those without it at the low end where
    `missing_first`, else at the high one.

    A number has `points`: evenly ranked quantiles of those who have it. Anything else has `values`
    with their `shares` of those, in the order of their risk.
    """

    name: str
    whole: bool = False
    missing: float = Field(ge=0, le=1)
    missing_first: bool = False
    points: tuple[float, ...] = ()
    values: tuple[bool | str, ...] = ()
    shares: tuple[float, ...] = ()

    def score(self, value: Value) -> float:
        """The normal score of a value: that of the middle of its ranks."""
        if value is None:
            rank = self.missing / 2 if self.missing_first else 1 - self.missing / 2
        else:
            within = (1 - self.missing) * self._rank(value)
            rank = self.missing + within if self.missing_first else within
        return _STANDARD.inv_cdf(min(max(rank, _LEAST), 1 - _LEAST))

    def value(self, score: float) -> Value:
        """The value at a normal score."""
        rank = (1 + erf(score / sqrt(2))) / 2
        rank = rank - self.missing if self.missing_first else rank
        if not 0 <= rank < 1 - self.missing:
            return None
        return self._at(rank / (1 - self.missing))

    def _rank(self, value: bool | float | str) -> float:
        if self.points:
            return self._rank_of_number(float(value))
        place = self.values.index(value) if value in self.values else -1
        return sum(self.shares[:place]) + self.shares[place] / 2 if place >= 0 else 0.5

    def _rank_of_number(self, value: float) -> float:
        """Between the quantiles around it; the middle of those that it equals."""
        points, many = self.points, len(self.points)
        first, last = bisect_left(points, value), bisect_right(points, value)
        if last > first or first in (0, many):
            return (first + last) / (2 * many)
        low, high = points[first - 1], points[first]
        return (first - 0.5 + (value - low) / (high - low)) / many

    def _at(self, rank: float) -> Value:
        if self.points:
            many = len(self.points)
            at = float(np.interp(rank, (np.arange(many) + 0.5) / many, self.points))
            return round(at) if self.whole else at
        place = int(np.searchsorted(np.cumsum(self.shares), rank, side="right"))
        return self.values[min(place, len(self.values) - 1)]


class Population(Document):
    """The applicants of `rows` applications: a margin for each fact, and the correlation of their
    normal scores in the same order."""

    rows: int = Field(ge=1)
    margins: tuple[Margin, ...] = Field(min_length=1)
    correlation: tuple[tuple[float, ...], ...]

    def drawn(
        self, known: Mapping[str, Value], draws: int
    ) -> tuple[list[dict[str, Value]], FloatArray]:
        """The facts that are not known, `draws` times over, and their normal scores
        (draws, facts); the same for the same facts known, on every machine to the rounding."""
        names = [each.name for each in self.margins]
        fixed = [at for at, name in enumerate(names) if name in known]
        free = [at for at, name in enumerate(names) if name not in known]
        whole = np.array(self.correlation)
        given = np.array([self.margins[at].score(known[names[at]]) for at in fixed])
        inner = whole[np.ix_(fixed, fixed)]
        across = whole[np.ix_(free, fixed)]
        slopes = np.linalg.solve(inner, across.T).T if fixed else np.zeros((len(free), 0))
        left = whole[np.ix_(free, free)] - slopes @ across.T
        noise = np.random.default_rng(_SEED).standard_normal((draws, len(free)))
        scores = slopes @ given + noise @ _root(left).T
        margins = [self.margins[at] for at in free]
        rows = [
            {each.name: each.value(float(score)) for each, score in zip(margins, row, strict=True)}
            for row in scores
        ]
        return rows, scores


def _root(covariance: FloatArray) -> FloatArray:
    """A square root of it, though rounding may have left it a little indefinite."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))
