"""Records decided one by one, their answers as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from equipoise.errors import Span
from equipoise.strategy.decision import Decision
from equipoise.strategy.kept_beside import kept_beside

if TYPE_CHECKING:
    from equipoise.strategy.compiled import Compiled

OFFER_SCHEMA = pl.Struct(
    {
        "treatment": pl.String,
        "apr": pl.Float64,
        "amount": pl.Float64,
        "months": pl.Float64,
        "instalment": pl.Float64,
    }
)
ANSWER_SCHEMA: dict[str, Any] = {
    "id": pl.String,
    "outcome": pl.String,
    "grade": pl.String,
    "reasons": pl.List(pl.String),
    "offers": pl.List(OFFER_SCHEMA),
    "journey": pl.String,
    "conditions": pl.List(pl.String),
    "authority": pl.String,
    "signatures": pl.Int64,
    "digest": pl.String,
    "treatment": pl.String,
    "pd": pl.Float64,
    "points": pl.Float64,
    "propensity": pl.Float64,
    "explored": pl.Boolean,
    "next_check": pl.String,
}


def answers_of(
    compiled: Compiled,
    applications: Sequence[Mapping[str, Any]],
    at: date | None,
    wheres: Sequence[Span],
    beside: Sequence[str] | None,
) -> pl.DataFrame:
    """One row each, in order; see `Strategy.decide_records`."""
    places: Sequence[Span | None] = wheres or [None] * len(applications)
    rows = [
        _row(compiled.decide(each, at=at, where=where))
        for each, where in zip(applications, places, strict=True)
    ]
    answers = pl.DataFrame(rows, schema=ANSWER_SCHEMA)
    if compiled.content.contract.extra != "keep":
        return answers
    extras = [compiled.intake.facts.extras(each) for each in applications]
    return answers.hstack(kept_beside(extras, beside, places))


def _row(decision: Decision) -> dict[str, Any]:
    trace = decision.trace
    return {
        **decision.answer(),
        "conditions": [condition.name for condition in decision.conditions],
        "treatment": trace.treatment,
        "pd": trace.pd,
        "points": trace.points,
        "propensity": trace.propensity,
        "explored": trace.explored,
        "next_check": trace.next_check,
    }
