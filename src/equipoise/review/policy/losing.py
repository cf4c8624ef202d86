"""Whose offers a change takes away: by the treatment that breaks it, by segment, in money.

These are offers of a strategy as it stands. It might have something lawful for the same people: who
is left with nothing at all is `lawful.barred`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from equipoise.balance.swap_sets import Segment
from equipoise.numeric.arrays import BoolArray, FloatArray

MONEY = ("amount", "profit", "expected_loss", "customer_surplus")


def by_treatment(
    answered: pl.DataFrame, offered: BoolArray, broken: BoolArray
) -> list[dict[str, Any]]:
    """What of the strategy breaks the change: its treatments with how many of their offers do, the
    most first. Only those that do at all."""
    counted = (
        answered.select(
            "treatment",
            offered=pl.Series(offered, dtype=pl.Boolean),
            broken=pl.Series(broken, dtype=pl.Boolean),
        )
        .group_by("treatment")
        .agg(pl.col("offered").sum(), pl.col("broken").sum())
        .filter(pl.col("broken") > 0)
        .sort(["broken", "treatment"], descending=[True, False])
    )
    return counted.to_dicts()


def by_segment(
    parts: Sequence[Segment], answered: pl.DataFrame, broken: BoolArray
) -> list[dict[str, Any]]:
    """Of each level of each field its people, how many lose their offer, and what is expected of
    those offers in money."""
    amounts = {name: _numbers(answered, name) for name in MONEY}
    rows = []
    for part in parts:
        levels = len(part.levels)
        people = np.bincount(part.codes, minlength=levels)
        lose = np.bincount(part.codes[broken], minlength=levels)
        sums = {
            name: np.bincount(part.codes[broken], weights=each[broken], minlength=levels)
            for name, each in amounts.items()
        }
        rows += [
            {
                "field": part.field,
                "level": level,
                "people": int(people[at]),
                "lose": int(lose[at]),
                **{name: float(each[at]) for name, each in sums.items()},
            }
            for at, level in enumerate(part.levels)
            if people[at]
        ]
    return rows


def in_all(answered: pl.DataFrame, broken: BoolArray) -> dict[str, float]:
    """What is expected of the offers that are taken away, in money."""
    return {name: float(_numbers(answered, name)[broken].sum()) for name in MONEY}


def _numbers(answered: pl.DataFrame, name: str) -> FloatArray:
    return answered[name].cast(pl.Float64).fill_null(0.0).to_numpy()
