"""Waits of the past as an event log has them: from each stage of a case to its answer."""

from __future__ import annotations

import polars as pl

from equipoise.errors import BadInput
from equipoise.experience.log import CaseLog


def stage_waits(log: CaseLog) -> pl.DataFrame:
    """One row for each stage that a case entered before its answer.

    `case`, `stage` (an activity of `waits_for`, as the document names it), `entered`, `until` and
    `answered`: whether the answer came at `until`, or the case was left or open until then. The
    answer is the offer, or a decline. Raises BadInput where the document says no `waits_for`.
    """
    section = log.section
    stages = [*section.waits_for.customer, *section.waits_for.lender]
    if not stages:
        raise BadInput(
            "the document does not say whose turn begins with which activity",
            field="log.waits_for",
            mend="list the activities under `customer` and `lender`",
        )
    yes = [section.offer.sent] if section.offer else section.ends.accepted
    answers = (
        log.complete(*yes, *section.ends.declined).group_by("case").agg(answer=pl.col("time").min())
    )
    return (
        _entries(log, stages)
        .join(answers, on="case", how="left", maintain_order="left")
        .join(log.cases.select("case", "stop"), on="case", maintain_order="left")
        .with_columns(until=pl.min_horizontal("answer", "stop"))
        .filter(pl.col("entered") < pl.col("until"))
        .select("case", "stage", "entered", "until", answered=pl.col("answer") == pl.col("until"))
        .with_columns(pl.col("answered").fill_null(value=False))
    )


def _entries(log: CaseLog, stages: list[str]) -> pl.DataFrame:
    """When each case entered each stage; an activity named alone means that it is complete."""
    by_event = pl.format("{}:{}", "activity", "lifecycle")
    alone = pl.when(pl.col("lifecycle") == "complete").then(pl.col("activity"))
    return (
        log.events.with_columns(stage=pl.coalesce(_if_in(alone, stages), _if_in(by_event, stages)))
        .filter(pl.col("stage").is_not_null())
        .select("case", "stage", entered="time")
    )


def _if_in(name: pl.Expr, stages: list[str]) -> pl.Expr:
    return pl.when(name.is_in(stages)).then(name)
