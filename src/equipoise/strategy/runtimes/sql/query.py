"""The whole strategy as one SQL query: the program's own expressions, stage by stage."""

from __future__ import annotations

from datetime import date

from equipoise.expression import DialectName
from equipoise.strategy.answer import FLAT, TERMS
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.program import GRADE, PD, POINTS, TIER
from equipoise.strategy.runtimes.sql.choosing import Choosing
from equipoise.strategy.runtimes.sql.ending import OUTCOME, REASON, Ending
from equipoise.strategy.runtimes.sql.exploring import explore
from equipoise.strategy.runtimes.sql.facts import facts_of
from equipoise.strategy.runtimes.sql.layers import Layers
from equipoise.strategy.runtimes.sql.rules import Rules
from equipoise.strategy.runtimes.sql.scoring import SqlModel, score
from equipoise.strategy.runtimes.sql.signing import Signing
from equipoise.strategy.runtimes.sql.spelling import Spelling
from equipoise.value.compiled.unnested import unnested

JOURNEY, TREATMENT = "its journey", "its treatment"


def query_of(
    compiled: Compiled, model: SqlModel, dialect: DialectName, table: str, at: date | None
) -> str:
    """One row to each of `table`, with the columns of `answer.FLAT`."""
    program, spelling = compiled.program, Spelling(compiled, dialect)
    rules = Rules(compiled, spelling)
    signing = Signing(compiled, spelling, rules.exceptions)
    choosing = Choosing(compiled, spelling, rules.exceptions.values())
    layers = facts_of(compiled, spelling, table, at)
    score(compiled, model, spelling, layers)
    layers.add(spelling.named({GRADE: program.grade}))
    layers.add(spelling.named({TIER: program.tier}))
    layers.add(spelling.named(program.figures))
    layers.add(rules.columns())
    choosing.choose(layers)
    explore(compiled.explorer, spelling, signing, choosing.keep, layers)
    _answer(compiled, spelling, signing, layers)
    return _whole(layers.query, dialect)


def _answer(compiled: Compiled, spelling: Spelling, signing: Signing, layers: Layers) -> None:
    name, text, menu = spelling.name, spelling.text, compiled.program.menu
    ending = Ending(compiled, spelling, signing)
    journeys = [text(each.journey.name) if each.journey else spelling.nothing for each in menu]
    treatments = [text(each.name) for each in menu]
    layers.add(
        {
            JOURNEY: spelling.by_place("treatment", journeys),
            TREATMENT: spelling.by_place("treatment", treatments),
            **signing.columns(),
        }
    )
    layers.add(ending.columns())
    given = f"{name(OUTCOME)} IS NOT NULL AND treatment > 0"
    columns = {
        "id": name("its id"),
        "outcome": name(OUTCOME),
        "grade": name(GRADE),
        "reason": name(REASON),
        "treatment": name(TREATMENT),
        **{term: f"CASE WHEN {given} THEN {term} END" for term in TERMS},
        "journey": name(JOURNEY),
        "conditions": ending.conditions(),
        "authority": signing.signer(OUTCOME),
        "pd": name(PD),
        "points": name(POINTS),
        "digest": text(compiled.digest),
        "propensity": "propensity",
        "explored": "explored",
    }
    layers.select([_called(columns[column], column) for column in FLAT])


def _called(sql: str, column: str) -> str:
    return column if sql == column else f"{sql} AS {column}"


def _whole(query: str, dialect: DialectName) -> str:
    """DuckDB would write an outer query's conditions and groups into every layer."""
    if dialect == "sqlite":
        return unnested(query)
    if dialect != "duckdb":
        return query
    return f"WITH decided AS MATERIALIZED ({query})\nSELECT * FROM decided"
