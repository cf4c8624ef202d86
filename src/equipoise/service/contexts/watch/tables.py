"""The tables that are watched: files of the workspace, and what the service's own record tells. One
that cannot be read is a fault of the data, and hides no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from polars.exceptions import PolarsError

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.complaints import reading as complaints
from equipoise.service.contexts.hindsight import reading as hindsight
from equipoise.service.contexts.process import reading as process
from equipoise.service.contexts.watch.documents import folder
from equipoise.service.contexts.watch.views import Rows

if TYPE_CHECKING:
    import polars as pl

    from equipoise.watch import Source, Table, Watch

OF_RECORD: Mapping[str, Callable[[], pl.DataFrame]] = {
    "record/journeys": process.journeys,
    "record/complaints": complaints.by_row,
    "record/overrides": hindsight.by_row,
}
"""What a table's `data` is called that the service makes of its own record."""


def sources(watch: Watch) -> tuple[dict[str, Source], dict[str, str]]:
    """Each table of the watch, and why the others cannot be read."""
    read: dict[str, Source] = {}
    amiss: dict[str, str] = {}
    for table in watch.document.tables:
        try:
            source = _source(watch, table)
            source.periods()
        except EquipoiseError as error:
            amiss[table.name] = str(error)
        except (PolarsError, OSError) as error:  # no file of its kind, or one that is cut off
            amiss[table.name] = f"{table.data}: {type(error).__name__}"
        else:
            read[table.name] = source
    return read, amiss


def over(watch: Watch, read: Mapping[str, Source]) -> Watch:
    """What can be measured of the watch by these tables."""
    can = tuple(each for each in watch.indicators if each.indicator.table in read)
    return replace(watch, indicators=can)


def rows(watch: Watch, indicator: str, period: date, most: int) -> Rows:
    """The first rows of a period that an indicator counts. Raises BadInput or Faults."""
    compiled = watch.named(indicator)
    table = watch.document.table(compiled.indicator.table)
    frame = _source(watch, table).rows([period])
    if compiled.where is not None:
        frame = frame.filter(compiled.where.polars().fill_null(value=False))
    names = [each for each in table.columns if each in frame.columns]
    shown = frame.select(names).head(most)
    cells = tuple(tuple("" if v is None else str(v) for v in row) for row in shown.iter_rows())
    return Rows(tuple(names), cells)


def _source(watch: Watch, table: Table) -> Source:
    from equipoise.watch import FrameSource
    from equipoise.workspace.watches import source_of

    make = OF_RECORD.get(table.data)
    if make is None:
        return source_of(watch, table, folder())
    return FrameSource.of(make(), table, watch.document.every)
