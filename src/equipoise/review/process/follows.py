"""The process map's edges: what is directly followed by what, and how often."""

from __future__ import annotations

import polars as pl

from equipoise.experience.log import CaseLog, in_days
from equipoise.review.process.funnel import groups
from equipoise.review.process.share import FEW
from equipoise.review.process.stays import with_cases


def follows(log: CaseLog, by: str | None = None, cases: pl.DataFrame | None = None) -> pl.DataFrame:
    """The directly-follows edges between complete events, up to each case's end.

    Columns: group (null where `by` is None), activity, followed_by, times, cases (how many
    differ), days_p50 (median days between, null where fewer than FEW cases). The most frequent
    first. Raises BadInput as `groups` does. Source: van der Aalst, Process Mining (2016),
    section 6.2.
    """
    steps = (
        log.events.filter(pl.col("lifecycle") == "complete")
        .join(log.cases.select("case", "stop"), on="case", how="left", maintain_order="left")
        .filter(pl.col("time") <= pl.col("stop"))
        .with_columns(
            followed_by=pl.col("activity").shift(-1).over("case"),
            days=in_days(pl.col("time").shift(-1).over("case") - pl.col("time")),
        )
        .filter(pl.col("followed_by").is_not_null())
        .select("case", "activity", "followed_by", "days")
    )
    known = steps if cases is None else with_cases(steps, cases)
    # Where nothing follows on anything, there are no groups, and there is a table without rows.
    parts = [
        part.select("case", "activity", "followed_by", "days", group=pl.lit(group, dtype=pl.String))
        for group, part in [(None, known.clear()), *groups(known, by)]
    ]
    return (
        pl.concat(parts)
        .group_by("group", "activity", "followed_by")
        .agg(times=pl.len(), cases=pl.col("case").n_unique(), days_p50=pl.col("days").median())
        .with_columns(days_p50=pl.when(pl.col("cases") >= FEW).then(pl.col("days_p50")))
        .sort(["group", "times", "activity", "followed_by"], descending=[False, True, False, False])
    )
