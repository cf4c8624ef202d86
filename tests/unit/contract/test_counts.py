"""Counted values come in one order, whatever order they were counted in."""

from __future__ import annotations

import numpy as np
import polars as pl

from equipoise.contract import commonest_first
from equipoise.risk.screening import SCREEN_BINS, quick_bins


def test_the_commonest_come_first_and_equals_by_value() -> None:
    values = pl.Series("town", ["b", "a", "c", None, "c", "d", "a", "c", None])
    counts = commonest_first(values)
    assert counts.rows() == [("c", 3), ("a", 2), ("b", 1), ("d", 1)]
    assert counts.columns == ["town", "rows"]


def test_of_categories_as_common_the_same_have_bins_of_their_own_in_any_order() -> None:
    names = [f"n{at:03}" for at in range(200)]  # each as common as the others
    for seed in range(3):
        shuffled = np.random.default_rng(seed).permutation(names).tolist()
        bins = dict(zip(shuffled, quick_bins(pl.Series("town", shuffled)).tolist(), strict=True))
        own = sorted(name for name, at in bins.items() if at != SCREEN_BINS)
        assert own == [f"n{at:03}" for at in range(SCREEN_BINS)]
