"""Points and PD by the model, of applications without a doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from equipoise.expression import Expression
from equipoise.risk import Scorecard, pd_sql, points_sql
from equipoise.risk.linear import LinearModel
from equipoise.risk.linear_sql import linear_layers
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.program import PD, POINTS
from equipoise.strategy.runtimes.sql.facts import DOUBT
from equipoise.strategy.runtimes.sql.layers import Layers
from equipoise.strategy.runtimes.sql.spelling import Spelling, placed

DOUBTS = "its doubts"
SqlModel = Scorecard | LinearModel


def score(compiled: Compiled, model: SqlModel, spelling: Spelling, layers: Layers) -> None:
    """Layers with the model's features, points and PD."""
    program, name = compiled.program, spelling.name
    parts = ", ".join([name(DOUBT), *map(name, program.doubts)])
    features = features_of(compiled, spelling)
    layers.add({DOUBTS: f"COALESCE({parts})", **dict(features.values())})
    columns = {each: name(column) for each, (column, _) in features.items()}
    for layer in _scored(model, spelling, columns):
        layers.add(layer)


def features_of(compiled: Compiled, spelling: Spelling) -> dict[str, tuple[str, str]]:
    """Each feature of the model as a column: what it is called, and its SQL."""
    return {
        each: (f"model {placed(at, each)}", _feature(expression, spelling))
        for at, (each, expression) in enumerate(compiled.program.model_features.items())
    }


def _feature(expression: Expression, spelling: Spelling) -> str:
    sql = spelling.of(expression)
    if expression.type == "boolean":
        return f"CASE WHEN {sql} THEN 1 WHEN NOT ({sql}) THEN 0 END"
    return f"({sql})"


def _scored(
    model: SqlModel, spelling: Spelling, columns: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    sound = f"{spelling.name(DOUBTS)} IS NULL"
    if isinstance(model, Scorecard):
        points = points_sql(model, spelling.dialect, columns)
        yield {POINTS: f"CASE WHEN {sound} THEN {points} END"}
        yield {PD: pd_sql(model, spelling.dialect, spelling.name(POINTS))}
    else:
        yield {POINTS: f"CAST(NULL AS {spelling.double})"}
        yield from linear_layers(model, spelling.dialect, columns, PD, sound)
