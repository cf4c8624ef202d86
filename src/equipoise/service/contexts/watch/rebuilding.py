"""All rows of readings, back-tests, alerts and notices made anew from the record."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from equipoise.record.events import Recorded
from equipoise.service.contexts.watch.backtests import row_of as backtest_of
from equipoise.service.contexts.watch.changing import notice_of
from equipoise.service.contexts.watch.events import (
    AlertNotified,
    AlertRaised,
    AlertTold,
    PeriodMeasured,
    ReadingInjected,
    WatchBacktested,
)
from equipoise.service.contexts.watch.folding import follow, moment, project
from equipoise.service.contexts.watch.keeping import row_of
from equipoise.service.contexts.watch.models import Alert, Backtest, Injected, Notice, Reading
from equipoise.service.platform.record import services as record


def rebuild() -> int:
    """Forget them and make them anew; how many there are."""
    with transaction.atomic():
        for each in (Notice, Alert, Reading, Injected, Backtest):
            each.objects.all().delete()
        made = _readings() + _injected() + _backtests()
        for raised in record.read([AlertRaised]):
            made += _alert(raised)
        return made + _notices()


def _readings() -> int:
    many = 0
    for each in record.read([PeriodMeasured]):
        event, at = each.event, moment(each.entry.at)
        period = date.fromisoformat(event.period)
        rows = [row_of(reading, period, event.digest, at) for reading in event.readings]
        Reading.objects.bulk_create(rows, 500)
        many += len(rows)
    return many


def _injected() -> int:
    rows = [
        Injected(
            run=each.event.run,
            indicator=each.event.indicator,
            value=each.event.value,
            verdict=each.event.verdict,
            at=moment(each.entry.at),
        )
        for each in record.read([ReadingInjected])
    ]
    return len(Injected.objects.bulk_create(rows))


def _backtests() -> int:
    rows = [backtest_of(e.event, moment(e.entry.at)) for e in record.read([WatchBacktested])]
    return len(Backtest.objects.bulk_create(rows))


def _alert(raised: Recorded[AlertRaised]) -> int:
    row = Alert(id=raised.entry.chain, raised_at=moment(raised.event.moment))
    project(row, follow(row).alert)
    row.save(force_insert=True)
    return 1


def _notices() -> int:
    notices = {
        each.event.id: notice_of(
            each.entry.chain, each.event.id, each.event.to, each.event.cause, each.event.moment
        )
        for each in record.read([AlertNotified])
    }
    for each in record.read([AlertTold]):
        for name in each.event.notices:
            row = notices[name]
            row.bundle, row.message = each.event.bundle, each.event.message
            row.told_at = moment(each.entry.at)
    return len(Notice.objects.bulk_create(notices.values(), 500))
