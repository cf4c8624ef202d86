"""Deciding the rows of a DataFrame, lazily: the answers of the local engine, to the bit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from equipoise.cluster.answer_types import answer_type
from equipoise.cluster.arrow_batches import Order, compiled_from, deciding
from equipoise.cluster.given_columns import Given, given_to, kept_as, quoted
from equipoise.cluster.in_catalyst import as_query, why_not
from equipoise.contract.days import today
from equipoise.errors import BadInput
from equipoise.strategy.engine import Strategy, load_strategy

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Way = Literal["query", "batches"]


def decide_on(
    applications: DataFrame,
    strategy: Strategy | Path | str,
    *,
    at: date | None = None,
    identifier: str = "",
    otherwise: date | None = None,
    way: Way | None = None,
) -> DataFrame:
    """The answers to `applications`, a row each: the columns that `Strategy.decide_frame` gives.

    Nothing runs before an action does. `strategy` is one, or the file of a sealed one; `identifier`
    names a column that is taken for the contract's id; `at` is the day of every decision, without
    it an application's own, else `otherwise`, which is today unless given. `way` is how: as a
    "query" inside Catalyst or in "batches" by the workers' Python; as `way_for` says unless given.
    Raises BadInput where the columns do not fit the contract, and for a query that cannot be; what
    is wrong with a row is told when an action runs.
    """
    loaded = strategy if isinstance(strategy, Strategy) else load_strategy(Path(strategy))
    sealed = loaded.sealed.text().encode()
    named = compiled_from(sealed, identifier) if identifier else loaded
    given = given_to(named, applications)
    days = (at, otherwise or today(named.content.contract))
    if _chosen(named, applications, given, way) == "query":
        return as_query(named, applications, given, days)
    return _in_batches(applications, given, sealed, (named.digest, identifier), days)


def way_for(strategy: Strategy, applications: DataFrame, identifier: str = "") -> tuple[Way, str]:
    """How `decide_on` decides these applications; where in batches, why not as a query."""
    sealed = strategy.sealed.text().encode()
    named = compiled_from(sealed, identifier) if identifier else strategy
    why = why_not(named, applications, given_to(named, applications))
    return ("batches", why) if why else ("query", "")


def _chosen(strategy: Strategy, applications: DataFrame, given: Given, way: Way | None) -> Way:
    why = why_not(strategy, applications, given)
    if way == "query" and why:
        raise BadInput(
            f"the strategy cannot decide these as a query: {why}",
            field="way",
            mend='leave `way` out, or say "batches"',
        )
    return way or ("batches" if why else "query")


def _in_batches(
    applications: DataFrame,
    given: Given,
    sealed: bytes,
    named: tuple[str, str],
    days: tuple[date | None, date],
) -> DataFrame:
    from pyspark.sql.pandas.types import to_arrow_schema

    session, schema = applications.sparkSession, applications.schema
    row = answer_type({kept_as(name): schema[name].dataType for name in given.beside})
    broadcast = session.sparkContext.broadcast(sealed)
    order = Order(broadcast, *named, *days, to_arrow_schema(row))
    read = applications.select(*(quoted(name) for name in given.columns))
    return read.mapInArrow(deciding(order), row)
