"""What models read of a frame: the columns they need, and categories as codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from equipoise.errors import BadInput, did_you_mean
from equipoise.numeric.arrays import FloatArray

if TYPE_CHECKING:
    import polars as pl


def column_of(frame: pl.DataFrame, name: str, reads: str) -> pl.Series:
    """The column of that name. BadInput where the frame lacks it, by who `reads` it (`the trees
    read`)."""
    if name not in frame.columns:
        raise BadInput(
            f"the frame lacks '{name}', which {reads}",
            field=name,
            mend=did_you_mean(name, frame.columns),
        )
    return frame[name]


def encode(column: pl.Series, codes: Mapping[str, int]) -> FloatArray:
    """Category codes as float64; missing and unknown categories become NaN."""
    import polars as pl

    if not codes:
        return np.full(column.len(), np.nan)
    coded = column.cast(pl.String).replace_strict(
        list(codes), list(codes.values()), default=None, return_dtype=pl.Float64
    )
    return coded.to_numpy()
