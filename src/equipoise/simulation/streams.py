"""Seeded random numbers, one generator per named quantity and block of applicants.

Every quantity draws once, one number per applicant, from its own generator. So the order of the
code does not matter, a new quantity leaves the others as they were, and a larger run begins with
the very applicants of a smaller one. A new generator begins with each block, so that any block
can be drawn without those before it: an applicant depends on the seed and its number alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from equipoise.numeric.arrays import FloatArray, IntArray

# a power of two: a batch of Arrow, and columns that stay in a processor's cache
BLOCK = 131_072

Drawn = TypeVar("Drawn", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Streams:
    """The random numbers of `n` applicants from number `first` on, which begins a block."""

    seed: int
    n: int
    first: int = 0

    def generator(self, name: str, block: int = 0) -> np.random.Generator:
        """A fresh generator that depends on the seed, the name and the block alone."""
        # block 0 has the key that all applicants had before there were blocks
        key = (crc32(name.encode()), *((block,) if block else ()))
        sequence = np.random.SeedSequence(self.seed, spawn_key=key)
        return np.random.Generator(np.random.PCG64(sequence))

    def uniform(self, name: str) -> FloatArray:
        """(n,) in [0, 1)."""
        return self._drawn(name, lambda source, rows: source.random(rows.stop - rows.start))

    def normal(self, name: str) -> FloatArray:
        """(n,) standard normal."""
        return self._drawn(
            name, lambda source, rows: source.standard_normal(rows.stop - rows.start)
        )

    def poisson(self, name: str, mean: FloatArray) -> IntArray:
        """(n,) counts with the given means."""
        return self._drawn(name, lambda source, rows: source.poisson(mean[rows]))

    def beta(self, name: str, mean: FloatArray, precision: float) -> FloatArray:
        """(n,) beta variates with the given means; a greater precision scatters less."""
        return self._drawn(
            name,
            lambda source, rows: source.beta(mean[rows] * precision, (1 - mean[rows]) * precision),
        )

    def _drawn(
        self, name: str, draw: Callable[[np.random.Generator, slice], NDArray[Drawn]]
    ) -> NDArray[Drawn]:
        parts = [draw(self.generator(name, block), rows) for block, rows in self._blocks()]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _blocks(self) -> Iterator[tuple[int, slice]]:
        for start in range(0, self.n, BLOCK):
            yield (self.first + start) // BLOCK, slice(start, min(start + BLOCK, self.n))
