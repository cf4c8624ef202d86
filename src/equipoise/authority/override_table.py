"""How decisions by people turned out, by officer and reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from equipoise.authority.override import AGREED, Override
from equipoise.numeric.intervals import wilson

ALL = "all"


def override_table(overrides: Iterable[Override], outcomes: Mapping[str, bool]) -> pl.DataFrame:
    """How decisions by people turned out, by officer and reason, and for all together.

    `outcomes` says by application whether a granted loan went bad; those not in it are not known
    yet. Columns: decisions, agreement (share), granted (by the person), known, bad, bad_rate with
    its 95 % Wilson interval, expected_rate (the strategy's mean PD of the same loans) and finding:
    worse, better, as_expected (the interval holds the expected rate), or not_known.
    """
    rows = [
        {
            "officer": each.officer_id,
            "reason": each.reason,
            "agrees": each.agrees,
            "granted": each.person == "approve",
            "bad": outcomes.get(each.application_id) if each.person == "approve" else None,
            "expected": each.expected_bad,
        }
        for each in overrides
    ]
    schema = {
        "officer": pl.String,
        "reason": pl.String,
        "agrees": pl.Boolean,
        "granted": pl.Boolean,
        "bad": pl.Boolean,
        "expected": pl.Float64,
    }
    decided = pl.DataFrame(rows, schema=schema)
    one_reason = decided.filter(pl.col("reason") != AGREED)
    groups = pl.concat(
        [
            decided,
            decided.with_columns(reason=pl.lit(ALL)),
            one_reason.with_columns(officer=pl.lit(ALL)),
            decided.with_columns(officer=pl.lit(ALL), reason=pl.lit(ALL)),
        ]
    )
    known = pl.col("bad").is_not_null()
    table = (
        groups.group_by("officer", "reason")
        .agg(
            decisions=pl.len(),
            agreement=pl.col("agrees").mean(),
            granted=pl.col("granted").sum(),
            known=known.sum(),
            bad=pl.col("bad").sum(),
            expected_rate=pl.col("expected").filter(known).mean(),
        )
        .sort("officer", "reason")
    )
    return _with_rates(table)


def _with_rates(table: pl.DataFrame) -> pl.DataFrame:
    bad = table["bad"].to_numpy().astype(np.float64)
    known = table["known"].to_numpy().astype(np.float64)
    low, high = wilson(bad, known)
    expected = pl.col("expected_rate")
    return table.with_columns(
        bad_rate=pl.when(pl.col("known") > 0).then(pl.col("bad") / pl.col("known")),
        low=pl.Series(low),
        high=pl.Series(high),
    ).with_columns(
        finding=pl.when(pl.col("known") == 0)
        .then(pl.lit("not_known"))
        .when(pl.col("low") > expected)
        .then(pl.lit("worse"))
        .when(pl.col("high") < expected)
        .then(pl.lit("better"))
        .otherwise(pl.lit("as_expected"))
    )
