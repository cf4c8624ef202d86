"""The points of an event log, made by workers of whole cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from equipoise.cluster.arrow_batches import frames
from equipoise.cluster.event_reading import IN_ORDER, as_batches
from equipoise.cluster.telling import telling
from equipoise.experience.document import ExperienceDocument
from equipoise.experience.log import MOMENT, case_log
from equipoise.experience.points import points_of

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

_ROWS = 200_000  # events that are looked at together
_SCHEMA = "`table` string, key string, cause int, bin int, value long, who string"


def points_on(events: DataFrame, document: ExperienceDocument, until: int) -> DataFrame:
    """The points of events as `events_of` reads them; `until` is the last instant of the log.

    A case's events go to one worker, and there to one frame with those of its neighbours.
    """
    by_case = events.repartition("case").sortWithinPartitions(*IN_ORDER)
    columns = by_case.select("case", "activity", "lifecycle", "time", "resource")
    return columns.mapInArrow(_pointing(document, until), _SCHEMA)


def _pointing(document: ExperienceDocument, until: int) -> Callable[..., Any]:
    @telling
    def point(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        section = document.log
        last = pl.Series([until]).cast(MOMENT)[0]
        for frame in _whole_cases(frame for frame, _ in frames(batches, _ROWS)):
            if section is not None:
                events = frame.with_columns(pl.col("time").cast(MOMENT))
                yield from as_batches(points_of(case_log(events, section, last), document))

    return point


def _whole_cases(parts: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The same rows, cut where a case ends."""
    waiting: list[pl.DataFrame] = []
    for part in parts:
        last = part["case"][-1]
        # rows come in the order of cases: those of the last one may go on in the next part
        begun = part.height - int((part["case"] == last).sum())
        if waiting and (begun or waiting[-1]["case"][-1] != last):
            yield pl.concat([*waiting, part[:begun]])
            waiting = []
        elif begun:
            yield part[:begun]
        waiting.append(part[begun:])
    if waiting:
        yield pl.concat(waiting)
