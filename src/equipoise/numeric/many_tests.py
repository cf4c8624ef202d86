"""Many questions asked of the same data: how far the smallest p-values may be believed."""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import FloatArray


def false_discovery(p_values: FloatArray) -> FloatArray:
    """Adjusted p-values (n,): those at most q are found with a share of false ones of at most q.

    Source: Benjamini and Hochberg 1995, JRSS B 57, the step-up procedure.
    """
    n = p_values.size
    order = np.argsort(p_values)
    stepped = p_values[order] * n / np.arange(1, n + 1)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return adjusted
