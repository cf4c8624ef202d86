"""What changes for whom between two policies: treatments and swap sets by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.value.treatments import Treatment

PD = "pd"
MOST_FIELDS, MOST_LEVELS = 6, 8
_PD_BANDS = 5


def treatment_mix(
    menu: Sequence[Treatment], today: NDArray[np.integer], moved: NDArray[np.integer]
) -> list[dict[str, Any]]:
    """How many applicants get each treatment under both policies."""
    before, after = (np.bincount(each, minlength=len(menu)) for each in (today, moved))
    return [
        {
            "name": each.name,
            "label": treatment_label(each),
            "today": int(before[k]),
            "recommended": int(after[k]),
        }
        for k, each in enumerate(menu)
    ]


def treatment_label(treatment: Treatment) -> str:
    """A treatment of the grid as journey / price / amount (/ term); another by its own name."""
    parts = (treatment.journey, treatment.price, treatment.amount, treatment.term)
    names = [part.name for part in parts if part is not None]
    of_the_grid = treatment.name in {"_".join(names), "_".join(names[:3])}
    if names and of_the_grid:
        shown = names if treatment.name == "_".join(names) else names[:3]
        return " / ".join(name.replace("_", " ") for name in shown)
    return treatment.name.replace("_", " ")


def swap_sets(
    frame: pl.DataFrame,
    types: Mapping[str, str],
    today: NDArray[np.integer],
    moved: NDArray[np.integer],
) -> list[dict[str, Any]]:
    """Who is offered a loan under one policy and not the other, by PD band and by category."""
    offered = pl.DataFrame({"today": today != 0, "moved": moved != 0})
    rows = []
    bands, banded = _bands(frame["pd"])
    for field, labels in [(PD, banded), *_categories(frame, types)]:
        table = offered.with_columns(labels.alias("segment"))
        counts = table.group_by("segment").agg(
            (pl.col("today") & pl.col("moved")).sum().alias("both_in"),
            (~pl.col("today") & pl.col("moved")).sum().alias("swapped_in"),
            (pl.col("today") & ~pl.col("moved")).sum().alias("swapped_out"),
            (~pl.col("today") & ~pl.col("moved")).sum().alias("both_out"),
        )
        by_segment = {row["segment"]: row for row in counts.to_dicts()}
        order = bands if field == PD else sorted(by_segment)
        rows += [{"field": field, **by_segment[name]} for name in order if name in by_segment]
    return rows


def _categories(frame: pl.DataFrame, types: Mapping[str, str]) -> list[tuple[str, pl.Series]]:
    categories: list[tuple[str, pl.Series]] = []
    for name, kind in types.items():
        if len(categories) >= MOST_FIELDS:
            break
        if kind == "string" and name in frame.columns:
            column = frame[name].fill_null("(missing)")
            levels = column.n_unique()
            if 1 < levels <= MOST_LEVELS:
                categories.append((name, column))
    return categories


def _bands(pd: pl.Series) -> tuple[list[str], pl.Series]:
    """Names of bands of about equal size, from low to high, and the band of each applicant."""
    values = pd.to_numpy()
    edges = np.unique(np.quantile(values, np.linspace(0, 1, _PD_BANDS + 1)[1:-1]))
    band = np.searchsorted(edges, values, side="right")
    inner = [f"{edge:.1%}" for edge in edges]
    names = [f"{low} to {high}" for low, high in pairwise(inner)]
    names = [f"under {inner[0]}", *names, f"{inner[-1]} and over"]
    return names, pl.Series([names[index] for index in band])
