"""Deciding the rows of a DataFrame, lazily: the answers of the local engine, to the bit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.cluster.answer_types import answer_type
from equipoise.cluster.arrow_batches import Order, compiled_from, deciding
from equipoise.cluster.given_columns import Given, given_to, kept_as, quoted
from equipoise.contract.days import today
from equipoise.strategy.engine import Strategy, load_strategy

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def decide_on(
    applications: DataFrame,
    strategy: Strategy | Path | str,
    *,
    at: date | None = None,
    identifier: str = "",
    otherwise: date | None = None,
) -> DataFrame:
    """The answers to `applications`, a row each: the columns that `Strategy.decide_frame` gives.

    Nothing runs before an action does. `strategy` is one, or the file of a sealed one; `identifier`
    names a column that is taken for the contract's id; `at` is the day of every decision, without
    it an application's own, else `otherwise`, which is today unless given. Raises BadInput where
    the columns do not fit the contract; what is wrong with a row is told when an action runs.
    """
    loaded = strategy if isinstance(strategy, Strategy) else load_strategy(Path(strategy))
    sealed = loaded.sealed.text().encode()
    named = compiled_from(sealed, identifier) if identifier else loaded
    given = given_to(named, applications)
    day = otherwise or today(named.content.contract)
    return _in_batches(applications, given, sealed, (named.digest, identifier), (at, day))


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
