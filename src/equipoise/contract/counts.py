"""How often values come, in an order that is the same in every run."""

from __future__ import annotations

import polars as pl


def commonest_first(values: pl.Series) -> pl.DataFrame:
    """Each value but null with its `rows`, the commonest first and equals by value.

    Polars counts in any order. Where only the first few are taken, which of equals they are would
    be another matter in every run.
    """
    counts = values.drop_nulls().value_counts(name="rows")
    return counts.sort("rows", values.name, descending=[True, False])
