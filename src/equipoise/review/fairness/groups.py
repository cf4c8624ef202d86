"""Who belongs to which group: columns as they are, numbers in bands, and pairs of columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
import polars as pl

from equipoise.errors import BadInput, did_you_mean
from equipoise.review.fairness.document import AuditSection

MISSING = "(missing)"
MOST_GROUPS = 30


def grouped(frame: pl.DataFrame, section: AuditSection) -> Iterator[tuple[str, pl.Series]]:
    """Name and group label of everyone, per column and then per pair of columns.

    Raises BadInput for a column that is not there, and for one with more than 30 values.
    """
    names = section.groups or tuple(frame.columns)
    for name in (*names, *section.bands):
        if name not in frame.columns:
            raise BadInput(
                f"the audit's column '{name}' is not in the applications",
                field=name,
                mend=did_you_mean(name, frame.columns),
            )
    labels = {name: _labels(frame[name], section.bands.get(name, ())) for name in names}
    yield from labels.items()
    pairs = section.intersections
    for one, other in combinations(names, 2) if pairs == "all" else pairs:
        joined = labels[one] + " & " + labels[other]
        yield f"{one} & {other}", joined


def _labels(column: pl.Series, edges: tuple[float, ...]) -> pl.Series:
    if edges:
        values = column.cast(pl.Float64).fill_nan(None)
        texts = [f"{edge:g}" for edge in edges]
        between = [f"{a} to {b}" for a, b in pairwise(texts)]
        names = [f"under {texts[0]}", *between, f"{texts[-1]} and over"]
        band = pl.Series(np.searchsorted(edges, values.fill_null(0.0).to_numpy(), side="right"))
        cut = pl.Series(names).gather(band)
        return cut.zip_with(values.is_not_null(), pl.Series([MISSING]).new_from_index(0, len(cut)))
    distinct = column.n_unique()
    if distinct > MOST_GROUPS:
        raise BadInput(
            f"'{column.name}' has {distinct} values, which are not groups",
            field=column.name,
            mend="cut it with `bands`, or leave it out of `groups`",
        )
    return column.cast(pl.String).fill_null(MISSING)
