"""A strategy's query run inside Catalyst, layer by layer.

Spark's analyser looks at the whole of a query for every layer that it makes sense of, so that a
strategy's fifty nested ones take it minutes. Handed over one after the other, each over a plan that
is analysed already, they take seconds; the plan is the same one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from equipoise.cluster.given_columns import Given, quoted
from equipoise.contract.facts.sql import ENGINES
from equipoise.strategy.engine import Strategy
from equipoise.value.compiled.unnested import layers_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_ENGINE = ENGINES["spark"]


def why_not(strategy: Strategy, applications: DataFrame, given: Given) -> str:
    """Why the strategy does not decide these applications as a query; empty where it does."""
    compiled, types = strategy.compiled, dict(applications.dtypes)
    read = list(given.places.values())
    folded = [name.lower() for name in applications.columns]
    reasons = {
        "it asks step by step": compiled.asking is not None,
        "its model is no scorecard": compiled.model.kind != "scorecard",
        "it explores near ties": compiled.explorer is not None,
        "results of checks came along": given.checks,
        "columns are kept beside the answers": bool(given.beside),
        "a column is of a type that only batches read": any(
            _ENGINE.sort_of(types[name]) is None for name in read
        ),
        "names of columns differ by upper and lower case alone": any(
            folded.count(name.lower()) > 1 for name in read
        ),
    }
    return next((why for why, held in reasons.items() if held), "")


def as_query(
    strategy: Strategy,
    applications: DataFrame,
    given: Given,
    days: tuple[date | None, date],
) -> DataFrame:
    """The answers as a plan of Catalyst's; `days` as in `Order`. See `why_not` for when."""
    from equipoise.strategy.runtimes.sql.facts import Source
    from equipoise.strategy.runtimes.sql.runtime import SqlRuntime

    named, table = _named_by_contract(strategy, applications, given), _view()
    types = dict(applications.dtypes)
    sorts = {name: _ENGINE.sort_of(types[place]) for name, place in given.places.items()}
    known = {name: sort for name, sort in sorts.items() if sort is not None}
    source = Source(table, *days, known)
    query = SqlRuntime(strategy.compiled, "spark").whole_text(source)
    return _run_in_layers(query, table, named)


def _named_by_contract(strategy: Strategy, applications: DataFrame, given: Given) -> DataFrame:
    """The columns that the query reads, under the contract's names; null where one is left out."""
    from pyspark.sql import functions as fn

    contract = strategy.content.contract
    wanted = [*strategy.compiled.program.inputs, contract.id, contract.date]
    columns = {}
    for name in dict.fromkeys(each for each in wanted if each):
        place = given.places.get(name)
        value = fn.lit(None).cast("string") if place is None else fn.col(quoted(place))
        columns[contract.field(name).column] = value
    return applications.select(*(value.alias(name) for name, value in columns.items()))


def _run_in_layers(query: str, table: str, applications: DataFrame) -> DataFrame:
    """The rows of a query over `table`, which stands for `applications`; nothing runs yet.

    Raises what Spark's analyser raises.
    """
    session, key = applications.sparkSession, _view()
    layers = layers_of(query, "spark", lambda at: f"{key}_{at}")
    views = [table]
    applications.createOrReplaceTempView(table)
    try:
        frame = applications
        for at, text in enumerate(layers):
            frame = session.sql(text)
            views.append(f"{key}_{at}")
            frame.createOrReplaceTempView(views[-1])
        return frame
    finally:
        for name in views:
            session.catalog.dropTempView(name)


def _view() -> str:
    """A name that no other view has."""
    return f"equipoise_{uuid4().hex}"
