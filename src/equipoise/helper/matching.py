"""Which text a question asks for: closeness to its examples, and how clearly it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.helper.embedding import MakeSpace, unit
from equipoise.numeric.arrays import FloatArray

# The nearest example says more of a question, all of them say more of the text: chosen on the
# questions that the margins are chosen on (docs/adr/0040).
_OF_NEAREST = 0.3


@dataclass(frozen=True, slots=True)
class Ranking:
    """Names of texts, the closest first, and how close each is: a cosine, -1 to 1."""

    names: tuple[str, ...]
    closeness: tuple[float, ...]

    @property
    def margin(self) -> float:
        """By how much the first leads the second."""
        return self.closeness[0] - self.closeness[1]


class Matcher:
    """One language's examples of each text, ready to be compared with questions."""

    def __init__(self, examples: Mapping[str, Sequence[str]], make_space: MakeSpace) -> None:
        """`examples` are of two texts or more."""
        self._names = tuple(examples)
        texts = [text for several in examples.values() for text in several]
        self._sizes = np.array([len(several) for several in examples.values()])
        self._starts = np.cumsum(self._sizes) - self._sizes
        self._space = make_space(texts)
        vectors = self._space.vectors(texts)
        # All sentences of a language point much the same way; what tells them apart is the rest.
        self._middle = vectors.mean(axis=0)
        self._examples = unit(vectors - self._middle)

    def ranked(self, question: str) -> Ranking:
        """Every text, the closest first; one thread or many."""
        vector = self._space.vectors([question]) - self._middle
        closeness = self._closeness(unit(vector)[0])
        order = np.argsort(-closeness, kind="stable")
        return Ranking(
            tuple(self._names[at] for at in order), tuple(float(closeness[at]) for at in order)
        )

    def _closeness(self, question: FloatArray) -> FloatArray:
        cosines = self._examples @ question
        nearest = np.maximum.reduceat(cosines, self._starts)
        mean = np.add.reduceat(cosines, self._starts) / self._sizes
        closeness: FloatArray = _OF_NEAREST * nearest + (1 - _OF_NEAREST) * mean
        return closeness
