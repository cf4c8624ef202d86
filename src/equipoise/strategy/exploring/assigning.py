"""A file of applicants under a split."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.strategy.exploring.split import Split

if TYPE_CHECKING:
    import polars as pl


def assign_all(split: Split, ids: pl.Series) -> pl.DataFrame:
    """`id`, `arm` and `propensity` of each applicant, in order, as `Split.assign` gives them."""
    import polars as pl

    texts = ids.cast(pl.String)
    assigned = [split.assign(each) for each in texts]
    return pl.DataFrame(
        {
            "id": texts,
            "arm": pl.Series([each.arm for each in assigned], dtype=pl.String),
            "propensity": pl.Series([each.propensity for each in assigned], dtype=pl.Float64),
        }
    )
