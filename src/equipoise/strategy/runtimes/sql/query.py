"""The whole strategy as one SQL query: the program's own expressions, stage by stage."""

from __future__ import annotations

from equipoise.expression import DialectName
from equipoise.strategy.answer import FLAT, TERMS
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.program import GRADE, PD, POINTS
from equipoise.strategy.runtimes.sql.ending import OUTCOME, REASON
from equipoise.strategy.runtimes.sql.facts import Source
from equipoise.strategy.runtimes.sql.scoring import SqlModel
from equipoise.strategy.runtimes.sql.stages import JOURNEY, TREATMENT, Stages
from equipoise.value.compiled.unnested import unnested


def query_of(compiled: Compiled, model: SqlModel, dialect: DialectName, source: Source) -> str:
    """One row to each of the source, with the columns of `answer.FLAT`."""
    stages = Stages(compiled, dialect)
    layers = stages.decided(model, source)
    columns = _flat(stages)
    layers.select([_called(columns[column], column) for column in FLAT])
    return _whole(layers.query, dialect)


def _flat(stages: Stages) -> dict[str, str]:
    name = stages.spelling.name
    given = f"{name(OUTCOME)} IS NOT NULL AND treatment > 0"
    return {
        "id": name("its id"),
        "outcome": name(OUTCOME),
        "grade": name(GRADE),
        "reason": name(REASON),
        "treatment": name(TREATMENT),
        **{term: f"CASE WHEN {given} THEN {term} END" for term in TERMS},
        "journey": name(JOURNEY),
        "conditions": stages.ending.conditions(),
        "authority": stages.signing.signer(OUTCOME),
        "pd": name(PD),
        "points": name(POINTS),
        "digest": stages.spelling.text(stages.compiled.digest),
        "propensity": "propensity",
        "explored": "explored",
    }


def _called(sql: str, column: str) -> str:
    return column if sql == column else f"{sql} AS {column}"


def _whole(query: str, dialect: DialectName) -> str:
    """DuckDB would write an outer query's conditions and groups into every layer."""
    if dialect == "sqlite":
        return unnested(query)
    if dialect != "duckdb":
        return query
    return f"WITH decided AS MATERIALIZED ({query})\nSELECT * FROM decided"
