"""Cross-fitted PDs: each row scored by a model that never saw it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray, IntArray

Predict = Callable[[pl.DataFrame], FloatArray]
Fit = Callable[[pl.DataFrame, Array], Predict]


def fold_of_rows(rows: int, folds: int, seed: int = 0) -> IntArray:
    """A fold for each row, by a hash of row number and seed (SplitMix64): stable for ever."""
    with np.errstate(over="ignore"):
        z = (np.arange(rows, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z += np.uint64(seed) * np.uint64(0xD1B54A32D192ED03)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z % np.uint64(folds)).astype(np.int64)


def cross_fit(frame: pl.DataFrame, bad: Array, fit: Fit, *, fold: IntArray) -> FloatArray:
    """Out-of-fold PD of each row, (n,). `fit` gets the other folds' rows and outcomes.

    `fold` (n,) counts from 0; rows that are not independent stand in one fold.

    Against the optimiser's curse: a policy chosen on these PDs is chosen on errors that are
    independent of its own rows.
    """
    folds = int(fold.max(initial=0)) + 1
    if frame.height < 2 * folds:
        raise BadInput(f"{frame.height} rows are too few for {folds} folds", mend="give more rows")
    out = np.full(frame.height, np.nan)
    for each in range(folds):
        inside = fold == each
        predict = fit(frame.filter(~inside), np.asarray(bad)[~inside])
        out[inside] = predict(frame.filter(inside))
    return out
