"""From arrays to columns of a frame: names, dates and missing values."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray

ID = "application_id"


def application_ids(rows: IntArray, first: int) -> pl.Series:
    """Ids like A0000001 of rows that begin at number `first`; counted from 1."""
    numbers = pl.Series(ID, rows + (first + 1)).cast(pl.String).str.zfill(7)
    return ("A" + numbers).alias(ID)


def names(codes: IntArray, categories: tuple[str, ...]) -> pl.Series:
    """Category names by position; negative positions are missing."""
    positions = where(codes, codes >= 0).cast(pl.UInt32)
    return pl.Series(categories, dtype=pl.String).gather(positions)


def where(values: NDArray[Any], present: BoolArray) -> pl.Series:
    """Values, missing where not present."""
    return pl.select(pl.when(pl.Series(present)).then(pl.Series(values))).to_series()


def numbers(values: FloatArray) -> pl.Series:
    """Numbers, missing where NaN."""
    return pl.Series(values, nan_to_null=True)


def dates(first: date, days: IntArray | FloatArray) -> pl.Series:
    """Dates so many days after the first."""
    start = (first - date(1970, 1, 1)).days
    return pl.Series((start + np.floor(days)).astype(np.int32)).cast(pl.Date)


def times(first: date, hours: FloatArray) -> pl.Series:
    """Times so many hours after the first day's midnight, to the second."""
    start = (first - date(1970, 1, 1)).days * 86_400
    seconds = start + np.round(hours * 3600)
    return pl.Series((seconds * 1_000_000).astype(np.int64)).cast(pl.Datetime("us"))
