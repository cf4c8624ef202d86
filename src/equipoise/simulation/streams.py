"""Seeded random numbers, one generator per named quantity.

Every quantity draws once, one number per applicant, from its own generator. So the order of the
code does not matter, a new quantity leaves the others as they were, and a larger run begins with
the very applicants of a smaller one.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Streams:
    """The random numbers of one run: `n` of each name."""

    seed: int
    n: int

    def generator(self, name: str) -> np.random.Generator:
        """A fresh generator that depends on the seed and the name alone."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=(crc32(name.encode()),))
        return np.random.Generator(np.random.PCG64(sequence))

    def uniform(self, name: str) -> FloatArray:
        """(n,) in [0, 1)."""
        return self.generator(name).random(self.n)

    def normal(self, name: str) -> FloatArray:
        """(n,) standard normal."""
        return self.generator(name).standard_normal(self.n)

    def poisson(self, name: str, mean: FloatArray) -> IntArray:
        """(n,) counts with the given means."""
        return self.generator(name).poisson(mean)

    def beta(self, name: str, mean: FloatArray, precision: float) -> FloatArray:
        """(n,) beta variates with the given means; a greater precision scatters less."""
        return self.generator(name).beta(mean * precision, (1 - mean) * precision)
