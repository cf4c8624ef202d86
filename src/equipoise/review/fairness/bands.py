"""Bands for numbers that say who belongs to which group, such as age."""

from __future__ import annotations

import numpy as np
import polars as pl

from equipoise.review.fairness.document import AuditSection

FEW_VALUES = 8
PARTS = 4


def with_default_bands(frame: pl.DataFrame, section: AuditSection) -> AuditSection:
    """The section with quartile bands for every number that has none and takes many values.

    The edges are quartiles of the people at hand, rounded to three significant digits; a number
    of at most eight values keeps them as groups. Declared bands stay as they are.
    """
    wanted = section.groups or tuple(frame.columns)
    bands = dict(section.bands)
    for name in wanted:
        if name in bands or name not in frame.columns:
            continue
        if edges := _quartiles(frame[name]):
            bands[name] = edges
    return section.model_copy(update={"bands": bands})


def _quartiles(column: pl.Series) -> tuple[float, ...]:
    if not column.dtype.is_numeric() or column.n_unique() <= FEW_VALUES:
        return ()
    values = column.cast(pl.Float64).drop_nulls().drop_nans().to_numpy()
    if not values.size:
        return ()
    cuts = np.quantile(values, np.arange(1, PARTS) / PARTS)
    rounded = sorted({float(f"{cut:.3g}") for cut in cuts})
    # an edge with nobody below it makes an empty band
    return tuple(edge for edge in rounded if values.min() < edge)
