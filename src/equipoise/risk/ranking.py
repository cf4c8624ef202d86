"""Reasons ranked for one applicant or for many, by the same operations in the same order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, sub

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.risk.reasons import AT_MOST, AtCutoff, Reason

LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Ranked:
    """Of each row its reasons, heaviest first: positions in `concepts` and `features`, or -1."""

    concepts: tuple[str, ...]
    features: tuple[str, ...]
    codes: IntArray
    leads: IntArray
    shortfalls: FloatArray


class Ranker:
    """Ranks contributions to the log-odds of default against those of applicants at the cut-off.

    `concepts` maps features to what a person would call them; a feature not in it is its own. A
    concept's shortfall sums its features', in their order; only what harms is a reason. `means` are
    those at the cut-off by feature, `members` each concept's features.
    """

    def __init__(
        self,
        features: Sequence[str],
        reference: AtCutoff,
        concepts: Mapping[str, str],
        at_most: int = AT_MOST,
    ) -> None:
        self.features, self.at_most = tuple(features), at_most
        named = [concepts.get(name, name) for name in features]
        # sorted, so that of equal shortfalls the first in the alphabet comes first
        self.concepts = tuple(sorted(set(named)))
        positions = {name: at for at, name in enumerate(self.concepts)}
        self._concept = tuple(positions[name] for name in named)
        self._members = tuple(
            tuple(at for at, name in enumerate(named) if name == concept)
            for concept in self.concepts
        )
        self._means = tuple(reference.means[name] for name in features)
        self.means = dict(zip(self.features, self._means, strict=True))
        self.members = {
            concept: tuple(self.features[at] for at in members)
            for concept, members in zip(self.concepts, self._members, strict=True)
        }
        ranks = {name: at for at, name in enumerate(sorted(self.features))}
        self._rank = np.array([ranks[name] for name in self.features], dtype=np.int64)

    def one(self, contributions: Sequence[float]) -> list[Reason]:
        """Reasons of one row of contributions (features,)."""
        shorts = [*map(sub, contributions, self._means)]
        sums = [
            shorts[members[0]] if len(members) == 1 else reduce(add, (shorts[at] for at in members))
            for members in self._members
        ]
        ranked = sorted((-short, at) for at, short in enumerate(sums) if short > LEAST)
        return [
            Reason(self.concepts[at], self._lead(at, shorts), -negative)
            for negative, at in ranked[: self.at_most]
        ]

    def _lead(self, concept: int, shorts: Sequence[float]) -> str:
        """The feature that harms most of those of a concept."""
        return max((shorts[at], self.features[at]) for at in self._members[concept])[1]

    def many(self, contributions: FloatArray) -> Ranked:
        """Reasons of many rows of contributions (rows, features)."""
        from equipoise.risk.ranking_many import rank  # compiled: one row needs no compiler

        rows = len(contributions)
        codes = np.full((rows, self.at_most), -1, dtype=np.int64)
        leads = np.full((rows, self.at_most), -1, dtype=np.int64)
        shortfalls = np.zeros((rows, self.at_most))
        rank(
            np.ascontiguousarray(contributions),
            np.array(self._means),
            np.array(self._concept, dtype=np.int64),
            self._rank,
            len(self.concepts),
            LEAST,
            codes,
            leads,
            shortfalls,
        )
        return Ranked(self.concepts, self.features, codes, leads, shortfalls)
