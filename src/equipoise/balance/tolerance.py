"""When a row counts as held: the one tolerance by which every choice is accepted or refused.

The last digits of a sum depend on the order of its terms, and so on the processor and on how many
threads there are. Compared bare with its limit, a sum that meets it exactly is over on one machine
and not on the next.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from equipoise.numeric.arrays import FloatArray

PROMISED = 1e-9  # of a row's size: what an answer may be over
ROUNDING = 1e-13  # of what is summed, signs left out: what sums of millions of terms can be off by


def excess(used: ArrayLike, at_most: ArrayLike, summed: ArrayLike) -> FloatArray:
    """How far each row is over its limit, relative to its size; 0 where it is not over.

    The size is |at_most|, or where that is zero `summed`: what is used, signs left out. Terms that
    cancel leave a limit far below what is summed; then the size is what rounding can tell apart.
    """
    limit, terms = np.abs(at_most), np.asarray(summed, dtype=np.float64)
    size = np.where(limit == 0.0, terms, np.maximum(limit, ROUNDING / PROMISED * terms))
    over = np.maximum(np.subtract(used, at_most), 0.0)
    relative: FloatArray = np.divide(over, size, out=np.zeros_like(over), where=over > 0.0)
    return relative


def beyond(violation: float) -> float:
    """A relative breach as it counts: nothing within the promised tolerance."""
    return violation if violation > PROMISED else 0.0
