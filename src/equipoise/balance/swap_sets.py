"""What changes for whom between two policies: treatments and swap sets by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.value.treatments import Treatment

PD = "pd"
MOST_FIELDS, MOST_LEVELS = 6, 8
_PD_BANDS = 5


@dataclass(frozen=True, eq=False, slots=True)
class Segment:
    """A way to part applicants: names of its levels, and each one's place among them."""

    field: str
    levels: tuple[str, ...]
    codes: NDArray[np.uint8]


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
    for segment in segments(frame, types):
        codes = pl.Series("code", segment.codes)
        counts = (
            offered.with_columns(codes)
            .group_by("code")
            .agg(
                (pl.col("today") & pl.col("moved")).sum().alias("both_in"),
                (~pl.col("today") & pl.col("moved")).sum().alias("swapped_in"),
                (pl.col("today") & ~pl.col("moved")).sum().alias("swapped_out"),
                (~pl.col("today") & ~pl.col("moved")).sum().alias("both_out"),
            )
        )
        for row in counts.sort("code").to_dicts():
            name = segment.levels[row.pop("code")]
            rows.append({"field": segment.field, "segment": name, **row})
    return rows


def segments(frame: pl.DataFrame, types: Mapping[str, str]) -> list[Segment]:
    """Who belongs where: by PD band, low to high, and by each category of few levels."""
    bands, banded = _bands(frame["pd"])
    rows = [Segment(PD, tuple(bands), banded)]
    for name, column in _categories(frame, types):
        levels = sorted(str(each) for each in column.unique().to_list())
        places = {level: at for at, level in enumerate(levels)}
        codes = column.replace_strict(places, return_dtype=pl.UInt8).to_numpy()
        rows.append(Segment(name, tuple(levels), codes))
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


def _bands(pd: pl.Series) -> tuple[list[str], NDArray[np.uint8]]:
    """Names of bands of about equal size, from low to high, and the band of each applicant."""
    values = pd.to_numpy()
    edges = np.unique(np.quantile(values, np.linspace(0, 1, _PD_BANDS + 1)[1:-1]))
    band = np.searchsorted(edges, values, side="right")
    inner = [f"{edge:.1%}" for edge in edges]
    names = [f"{low} to {high}" for low, high in pairwise(inner)]
    names = [f"under {inner[0]}", *names, f"{inner[-1]} and over"]
    return names, band.astype(np.uint8)
