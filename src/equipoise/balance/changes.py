"""What changes for whom between two policies: treatments and swap sets by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

MOST_FIELDS, MOST_LEVELS = 6, 8
_PD_BANDS = 5


def treatment_mix(
    names: Sequence[str], today: NDArray[np.integer], moved: NDArray[np.integer]
) -> list[dict[str, Any]]:
    """How many applicants get each treatment under both policies."""
    before, after = (np.bincount(each, minlength=len(names)) for each in (today, moved))
    return [
        {"name": name, "today": int(before[k]), "recommended": int(after[k])}
        for k, name in enumerate(names)
    ]


def swap_sets(
    frame: pl.DataFrame,
    types: Mapping[str, str],
    today: NDArray[np.integer],
    moved: NDArray[np.integer],
) -> list[dict[str, Any]]:
    """Who is offered a loan under one policy and not the other, by PD band and by category."""
    offered = pl.DataFrame({"today": today != 0, "moved": moved != 0})
    rows = []
    for field, labels in _segments(frame, types):
        table = offered.with_columns(labels.alias("segment"))
        counts = table.group_by("segment").agg(
            (pl.col("today") & pl.col("moved")).sum().alias("both_in"),
            (~pl.col("today") & pl.col("moved")).sum().alias("swapped_in"),
            (pl.col("today") & ~pl.col("moved")).sum().alias("swapped_out"),
            (~pl.col("today") & ~pl.col("moved")).sum().alias("both_out"),
        )
        rows += [{"field": field, **row} for row in counts.sort("segment").to_dicts()]
    return rows


def _segments(frame: pl.DataFrame, types: Mapping[str, str]) -> list[tuple[str, pl.Series]]:
    found = [("PD", _bands(frame["pd"]))]
    for name, kind in types.items():
        if len(found) > MOST_FIELDS:
            break
        if kind == "string" and name in frame.columns:
            column = frame[name].fill_null("(missing)")
            levels = column.n_unique()
            if 1 < levels <= MOST_LEVELS:
                found.append((name, column))
    return found


def _bands(pd: pl.Series) -> pl.Series:
    values = pd.to_numpy()
    edges = np.unique(np.quantile(values, np.linspace(0, 1, _PD_BANDS + 1)[1:-1]))
    band = np.searchsorted(edges, values, side="right")
    bounds = [0.0, *edges.tolist(), float(values.max())]
    labels = [
        f"{index + 1}: {bounds[index]:.1%} to {bounds[index + 1]:.1%}"
        for index in range(len(bounds) - 1)
    ]
    return pl.Series([labels[index] for index in band])
