"""The columns of an answer: one schema, whichever runtime decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from equipoise.strategy.decision import Decision

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["text", "texts", "number", "count", "flag", "offers"]
TERMS = ("apr", "amount", "months", "instalment")
# One row to an application, in this order. `reasons` are codes and `conditions` names.
ANSWER: Mapping[str, Kind] = {
    "id": "text",
    "outcome": "text",
    "grade": "text",
    "reasons": "texts",
    "offers": "offers",
    "journey": "text",
    "conditions": "texts",
    "authority": "text",
    "signatures": "count",
    "digest": "text",
    "treatment": "text",
    "pd": "number",
    "points": "number",
    "propensity": "number",
    "explored": "flag",
    "next_check": "text",
}
# What a query gives, where a column holds one text or number: each of which column it is of.
FLAT: Mapping[str, str] = {
    "id": "id",
    "outcome": "outcome",
    "grade": "grade",
    "reason": "reasons",
    "treatment": "treatment",
    **dict.fromkeys(TERMS, "offers"),
    "journey": "journey",
    "conditions": "conditions",
    "authority": "authority",
    "pd": "pd",
    "points": "points",
    "digest": "digest",
    "propensity": "propensity",
    "explored": "explored",
}


def answer_schema() -> dict[str, pl.DataType]:
    """The columns as a frame has them."""
    import polars as pl

    offer = pl.Struct({"treatment": pl.String, **dict.fromkeys(TERMS, pl.Float64)})
    kinds: Mapping[Kind, pl.DataType] = {
        "text": pl.String(),
        "texts": pl.List(pl.String),
        "number": pl.Float64(),
        "count": pl.Int64(),
        "flag": pl.Boolean(),
        "offers": pl.List(offer),
    }
    return {name: kinds[kind] for name, kind in ANSWER.items()}


def answer_row(decision: Decision) -> dict[str, Any]:
    """One decision as a row of answers."""
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
