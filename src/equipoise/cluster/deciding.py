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
DIGEST = "digest"


def decide_on(
    applications: DataFrame,
    strategy: Strategy | Path | str,
    *,
    at: date | None = None,
    identifier: str = "",
    otherwise: date | None = None,
    way: Way = "batches",
) -> DataFrame:
    """The answers to `applications`, a row each: the columns that `Strategy.decide_frame` gives.

    Nothing runs before an action does. `strategy` is one, or the file of a sealed one; `identifier`
    names a column that is taken for the contract's id; `at` is the day of every decision, without
    it an application's own, else `otherwise`, which is today unless given. `way` is how: in
    "batches" by the workers' Python, or as a "query" inside Catalyst, which needs none and is
    slower, and slower yet where the caller's session leaves spark.sql.codegen.hugeMethodLimit
    above HotSpot's 8000. Raises BadInput where the columns do not fit the contract, and, saying
    why, for what cannot be a query; what is wrong with a row is told when an action runs.
    """
    loaded = strategy if isinstance(strategy, Strategy) else load_strategy(Path(strategy))
    sealed = loaded.sealed.text().encode()
    named = compiled_from(sealed, identifier) if identifier else loaded
    given = given_to(named, applications)
    days = (at, otherwise or today(named.content.contract))
    if way == "query":
        _refuse_no_query(named, applications, given)
        return as_query(named, applications, given, days)
    return _in_batches(applications, given, sealed, (named.digest, identifier), days)


def _refuse_no_query(strategy: Strategy, applications: DataFrame, given: Given) -> None:
    why = why_not(strategy, applications, given)
    if why:
        raise BadInput(
            f"the strategy cannot decide these as a query: {why}",
            field="way",
            mend='leave `way` out, or say "batches"',
        )


def _in_batches(
    applications: DataFrame,
    given: Given,
    sealed: bytes,
    named: tuple[str, str],
    days: tuple[date | None, date],
) -> DataFrame:
    from pyspark.sql import functions as fn
    from pyspark.sql.pandas.types import to_arrow_schema
    from pyspark.sql.types import StructType

    session, schema = applications.sparkSession, applications.schema
    row = answer_type({kept_as(name): schema[name].dataType for name in given.beside})
    broadcast = session.sparkContext.broadcast(sealed)
    # the digest is one text for every row: it need not come from Python
    made = StructType([field for field in row if field.name != DIGEST])
    order = Order(broadcast, *named, *days, to_arrow_schema(made))
    read = applications.select(*(quoted(name) for name in given.columns))
    answers = read.mapInArrow(deciding(order), made).withColumn(DIGEST, fn.lit(named[0]))
    return answers.select(*(quoted(name) for name in row.names))
