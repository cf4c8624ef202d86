"""Indicators held against the history that there is, in the worker: what their warnings would have
been worth. Killed, it begins anew: nothing of it stands anywhere before all does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.watch import tables
from equipoise.service.contexts.watch.backtests import row_of
from equipoise.service.contexts.watch.documents import parsed
from equipoise.service.contexts.watch.events import WatchBacktested, chain_of_version
from equipoise.service.contexts.watch.folding import moment
from equipoise.service.contexts.watch.versions import version_in_force
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    from equipoise.watch import Backtested, Source, Watch

_OF_FRONTIER = ("threshold", "false_alarms_per_thousand", "warned_ahead")
_AGAINST = ("event", "horizon", "alert_cost", "saved", "outcome")


def backtest(by: str, key: str) -> int:
    """Measure it by what is in force now, for whoever asked; how many indicators have a test."""
    version = version_in_force()
    if version is None:
        return 0
    watch = parsed(version.text)
    try:
        source, result = _measured(watch)
    except EquipoiseError as error:
        event = _event(watch, version.digest, by, key, fault=error.message[:500])
    else:
        event = _event(
            watch, version.digest, by, key, source=source, tests=tuple(tests_of(result.as_dict()))
        )
    with transaction.atomic():
        (entry,) = record.append(record.event(chain_of_version(version.pk), event))
        row_of(event, moment(entry.at)).save()
    return len(event.tests)


def tests_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Of each indicator that could be held against anything its test, of thresholds on the way to
    the one proposed what a picture needs."""
    borrowers = [
        {
            **{name: each[name] for name in ("indicator", "as_it_is", "proposed")},
            "frontier": [{name: one[name] for name in _OF_FRONTIER} for one in each["frontier"]],
        }
        for each in result["borrowers"]
    ]
    return [*borrowers, *result["book"]]


def _measured(watch: Watch) -> tuple[Source, Backtested]:
    from equipoise.watch import backtest as backtested
    from equipoise.watch import measure

    read, amiss = tables.sources(watch)
    of = watch.document.backtest
    for name in _needed(watch):
        if name in amiss:
            raise BadInput(f"table '{name}' cannot be read: {amiss[name]}", field="backtest")
    able = tables.over(watch, read)
    result = backtested(able, read, measure(able, read))
    if of is None:
        raise AssertionError("nothing is back-tested against nothing")
    return read[of.table], result


def _needed(watch: Watch) -> list[str]:
    of = watch.document.backtest
    if of is None:
        return []
    outcome = [] if of.outcome is None else [watch.named(of.outcome).indicator.table]
    return [of.table, *outcome]


def _event(
    watch: Watch,
    digest: str,
    by: str,
    key: str,
    *,
    source: Source | None = None,
    tests: tuple[dict[str, Any], ...] = (),
    fault: str = "",
) -> WatchBacktested:
    of = watch.document.backtest
    periods = [] if source is None else [*source.periods()]
    return WatchBacktested(
        by=by,
        key=key or None,
        digest=digest,
        data="" if of is None else watch.document.table(of.table).data,
        snapshot="" if source is None else source.digest,
        since=periods[0].isoformat() if periods else "",
        until=periods[-1].isoformat() if periods else "",
        against={} if of is None else {name: getattr(of, name) for name in _AGAINST},
        tests=tests,
        fault=fault,
    )
