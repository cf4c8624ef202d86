"""The loop that ranks the reasons of many rows, compiled."""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.compiled import kernel


@kernel
def rank(  # noqa: PLR0917 - numba passes arrays by position
    contributions: FloatArray,
    means: FloatArray,
    concept: IntArray,
    rank: IntArray,
    concepts: int,
    least: float,
    codes: IntArray,
    leads: IntArray,
    shortfalls: FloatArray,
) -> None:
    """Each row's heaviest concepts into the last three arrays; see `Ranker.many`."""
    rows, features = contributions.shape
    sums = np.empty(concepts)
    best = np.empty(concepts)
    lead = np.empty(concepts, dtype=np.int64)
    for row in range(rows):
        sums[:] = 0.0
        lead[:] = -1
        for at in range(features):
            short = contributions[row, at] - means[at]
            where = concept[at]
            sums[where] += short
            known = lead[where]
            if (
                known < 0
                or short > best[where]
                or (short == best[where] and rank[at] > rank[known])
            ):
                best[where], lead[where] = short, at
        for place in range(codes.shape[1]):
            top = -1
            for where in range(concepts):
                if sums[where] > least and (top < 0 or sums[where] > sums[top]):
                    top = where
            if top < 0:
                break
            codes[row, place], leads[row, place] = top, lead[top]
            shortfalls[row, place] = sums[top]
            sums[top] = 0.0
