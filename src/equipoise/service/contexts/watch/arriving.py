"""Tapes that stop coming: a file whose next period was due and is not there rings as a fault of the
data, though no month lacks in what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Min

from equipoise.service.contexts.watch.models import Reading
from equipoise.service.contexts.watch.tables import OF_RECORD

if TYPE_CHECKING:
    from equipoise.watch import Source, Table, Watch


def overdue(watch: Watch, read: Mapping[str, Source], today: date) -> Iterator[tuple[str, str]]:
    """Each table whose rhythm is known, by name, with what is late of it, empty where nothing is:
    the last period that came, and the day by which the next was due."""
    from equipoise.watch import due_after

    for table in watch.document.tables:
        days = _days(watch, table)
        periods = read[table.name].periods() if table.name in read else {}
        if days is None or not periods:
            continue
        last = max(periods)
        due = due_after(last, watch.document.every, days)
        yield table.name, f"{table.data}: {last} → {due}" if today > due else ""


def _days(watch: Watch, table: Table) -> int | None:
    """How long after a period's end its rows may take: as declared, else as they used to come."""
    from equipoise.watch import usual_days

    if table.due_days is not None or table.data in OF_RECORD:
        return table.due_days  # what we make ourselves comes with what happens
    names = [each.name for each in watch.document.indicators if each.table == table.name]
    return usual_days(_came(names), watch.document.every)


def _came(indicators: list[str]) -> dict[date, date]:
    """On which day each period was first read. What was there when the table was first watched says
    nothing of how it comes, nor do older periods that came along with a newer one."""
    rows = Reading.objects.filter(indicator__in=indicators, n__gt=0).values_list("period")
    first = {period: at.date() for period, at in rows.annotate(Min("measured_at"))}
    began = min(first.values(), default=None)
    newest = {day: period for period, day in sorted(first.items())}
    return {period: day for day, period in newest.items() if day != began}
