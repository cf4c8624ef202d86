"""Whole decisions of a share of the applicants, as JSON, made by the workers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from equipoise.cluster.arrow_batches import ROWS, Order, Work, compiled_from, frames, partition
from equipoise.cluster.given_columns import given_to, quoted
from equipoise.cluster.telling import telling
from equipoise.strategy.engine import Strategy

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame


def traces_on(
    applications: DataFrame,
    strategy: Strategy,
    days: tuple[date | None, date],
    identifier: str,
    share: float,
) -> DataFrame:
    """One row of JSON to an applicant of the share, which is chosen as `decide` chooses it.

    `days` are the day of every decision, if there is one, and the day it is for who has none.
    """
    import pyarrow as pa

    sealed = strategy.sealed.text().encode()
    named = compiled_from(sealed, identifier) if identifier else strategy
    given = given_to(named, applications)
    context = applications.sparkSession.sparkContext
    text = pa.schema([("value", pa.string())])
    order = Order(context.broadcast(sealed), named.digest, identifier, *days, text)
    read = applications.select(*(quoted(name) for name in given.columns))
    return read.mapInArrow(_tracing(order, share), "value string")


def _tracing(order: Order, share: float) -> Work:
    @telling
    def trace(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        from equipoise.contract.facts.table import Source
        from equipoise.strategy.files.traces import chosen, trace_line

        strategy, part = order.strategy(), partition()
        own = strategy.content.contract.date
        for frame, first_row in frames(batches, ROWS):
            source = Source(f"partition {part}", first_row)
            ids = strategy.compiled.tables.identifiers(frame, source)
            keys = [
                row_name(part, source.first_row + at) if k is None else k
                for at, k in enumerate(ids)
            ]
            rows = chosen(keys, share)
            lines = []
            for at, record in zip(rows, strategy.records(frame[rows]), strict=True):
                has_own = own is not None and record.get(own) is not None
                day = order.at or (None if has_own else order.otherwise)
                lines.append(trace_line(strategy, keys[at], record, day))
            yield pa.RecordBatch.from_pydict({"value": lines}, schema=order.columns)

    return trace


def row_name(part: int, row: int) -> str:
    """What names an application that nothing else does: its part, and its row there, from 1."""
    return f"part {part} row {row}"
