"""What others may know of the watch: what is in force, readings, alerts, the register of risks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.watch import documents
from equipoise.service.contexts.watch.backtests import (
    BacktestView,
    Place,
    RingingWorth,
    WarningWorth,
    newest_of,
)
from equipoise.service.contexts.watch.events import AlertPlanBegun
from equipoise.service.contexts.watch.folding import follow
from equipoise.service.contexts.watch.keeping import newest
from equipoise.service.contexts.watch.models import Alert, Injected, Notice, Reading
from equipoise.service.contexts.watch.tasks import backtest_watch
from equipoise.service.contexts.watch.versions import version_in_force, version_waiting
from equipoise.service.contexts.watch.views import (
    AlertInFull,
    AlertView,
    Happened,
    InjectedView,
    NoticeView,
    ReadingView,
    Registered,
    Rows,
    Version,
    Watched,
    alert_view,
    happened_views,
    injected_view,
    notice_view,
    reading_view,
    version_view,
)
from equipoise.service.platform.api.paging import (
    Order,
    Paging,
    Part,
    page_of,
    read_name,
    read_sequence,
)
from equipoise.service.platform.jobs.reading import is_under_way
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    from equipoise.watch import Indicator, Risk

__all__ = [
    "AlertInFull",
    "AlertView",
    "BacktestView",
    "Happened",
    "InjectedView",
    "NoticeView",
    "Place",
    "ReadingView",
    "Registered",
    "RingingWorth",
    "Rows",
    "Version",
    "WarningWorth",
    "Watched",
    "alert",
    "alerts",
    "backtest",
    "backtest_is_under_way",
    "changed_since",
    "differs",
    "history",
    "in_force",
    "indicators",
    "injected",
    "listed_alerts",
    "listed_readings",
    "notices_for",
    "register",
    "registered",
    "rows",
    "states",
    "waiting",
]
_MOST = 200
_RECENT = 3  # periods
_KEPT_LAST = Order("watch-readings", ("-id",), (read_sequence,))
_RAISED_LAST = Order("watch-alerts", ("-id",), (read_name,))
_RANK = {"red": 0, "data": 1, "amber": 2}


def in_force() -> Version | None:
    """What is watched."""
    row = version_in_force()
    return None if row is None else version_view(row, documents.parsed(row.text))


def waiting() -> Version | None:
    """The newest watch.yaml, where it waits for somebody to approve it."""
    row = version_waiting()
    return None if row is None else version_view(row, documents.parsed(row.text))


def differs() -> bool:
    """Whether the watch.yaml of the workspace was not brought in as it lies there."""
    row = version_waiting() or version_in_force()
    try:
        text = documents.of_workspace()
    except EquipoiseError:
        return False
    return row is None or row.digest != documents.digest_of(text)


def indicators(version: Version) -> list[Watched]:
    """Each indicator with its newest readings, in the document's order."""
    listed = version.watch.document.indicators
    names = [each.name for each in listed]
    last, recent = newest(names), _recent(names)
    return [_watched(each, last.get(each.name), recent) for each in listed]


def history(indicator: str, *, all_versions: bool = False) -> list[ReadingView]:
    """An indicator's readings, oldest first; of a period that was delivered again the newest alone,
    unless all are wanted."""
    rows = [
        reading_view(each) for each in Reading.objects.filter(indicator=indicator).order_by("pk")
    ]
    kept = rows if all_versions else list({each.period: each for each in rows}.values())
    return sorted(kept, key=lambda each: (each.period, each.measured_at))


def states() -> list[ReadingView]:
    """What is watched without standing in watch.yaml, and is amiss: tables, tapes,
    drills."""
    names = Reading.objects.filter(indicator__regex=r"^(table|tape|drill|standing)\.")
    last = newest(set(names.values_list("indicator", flat=True)))
    return [reading_view(last[name]) for name in sorted(last) if last[name].value]


def alerts(*, closed: bool = False) -> list[AlertView]:
    """Open alerts, the worst first and of those the oldest; or the newest of the closed ones."""
    if closed:
        rows = Alert.objects.filter(stage="closed").order_by("-since", "pk")[:_MOST]
        return [alert_view(each) for each in rows]
    rows = Alert.objects.exclude(stage="closed")
    order = lambda each: (_RANK[each.severity], each.raised_at, each.pk)  # noqa: E731
    return [alert_view(each) for each in sorted(rows, key=order)]


def alert(alert_id: str) -> AlertInFull:
    """One alert. Raises DoesNotExist."""
    row = Alert.objects.get(pk=alert_id)
    followed = follow(row)
    asked = followed.alert.asked
    notices = Notice.objects.filter(alert=row).select_related("alert").order_by("at", "pk")
    return AlertInFull(
        alert_view(row),
        happened_views(followed),
        tuple(notice_view(each) for each in notices),
        tuple(history(row.indicator)[-12:]),
        followed.alert.treated_by,
        asked.by if asked else "",
        asked.ending if asked else "",
        asked.reason if asked else "",
        tuple((e.event.plan, e.event.run) for e in record.history(row.pk, AlertPlanBegun)),
    )


def listed_readings(indicator: str, paging: Paging) -> Part[Reading]:
    """A page of readings, those that were kept last first. Raises BadInput for a wrong cursor."""
    rows = Reading.objects.all()
    return page_of(rows.filter(indicator=indicator) if indicator else rows, _KEPT_LAST, paging)


def listed_alerts(state: str, paging: Paging) -> Part[Alert]:
    """A page of alerts, those that were raised last first: all, `open` or `closed`. Raises BadInput
    for a wrong cursor."""
    rows = Alert.objects.all()
    if state:
        closed = Q(stage="closed")
        rows = rows.filter(closed if state == "closed" else ~closed)
    return page_of(rows, _RAISED_LAST, paging)


def notices_for(person: str) -> list[NoticeView]:
    """What somebody is told of alerts that are open, each once, the newest first."""
    rows = Notice.objects.filter(to=person).exclude(alert__stage="closed")
    newest_of: dict[str, NoticeView] = {}
    for each in rows.select_related("alert").order_by("at", "pk"):
        newest_of[each.alert_id] = notice_view(each)
    return sorted(newest_of.values(), key=lambda each: each.at, reverse=True)


def changed_since(moment: datetime) -> tuple[list[AlertView], list[ReadingView]]:
    """Alerts that came to their stage since then, and readings since then that ring."""
    rows = Alert.objects.filter(since__gte=moment).order_by("-since", "pk")[:_MOST]
    fresh = Reading.objects.filter(measured_at__gte=moment).order_by("period", "pk")
    last = {each.indicator: each for each in fresh}
    ringing = [each for each in last.values() if each.verdict in ("red", "amber") or each.fault]
    return [alert_view(each) for each in rows], [reading_view(each) for each in ringing]


def register(version: Version) -> list[Registered]:
    """The risks in force with their grades as they are now."""
    return registered(version.watch.document.risks)


def registered(risks: Sequence[Risk]) -> list[Registered]:
    """These risks with their grades as they are now, by the newest readings where an indicator
    measures them."""
    grades = [g for risk in risks for g in (risk.probability, risk.impact, risk.residual) if g]
    last = newest({each.indicator for each in grades if each.indicator})
    values = {name: row.value for name, row in last.items()}
    return [_registered(each, values) for each in risks]


def injected(indicator: str) -> list[InjectedView]:
    """What drills injected, the newest first."""
    rows = Injected.objects.filter(indicator=indicator).order_by("-at", "-pk")[:20]
    return [injected_view(each) for each in rows]


def backtest(indicator: str) -> BacktestView | None:
    """What the last back-test says of an indicator; None where there was none."""
    return newest_of(indicator)


def backtest_is_under_way() -> bool:
    """Whether one was asked for and is not done."""
    return is_under_way(backtest_watch.module_path)


def rows(indicator: str, period: date, most: int) -> Rows:
    """The first rows of a period that the indicator in force counts. Raises BadInput or Faults
    where its table cannot be read."""
    from equipoise.service.contexts.watch import tables  # with polars, which no server loads

    row = version_in_force()
    if row is None:
        return Rows((), ())
    return tables.rows(documents.parsed(row.text), indicator, period, most)


def _recent(names: list[str]) -> list[Reading]:
    """What was read of the last periods, oldest first."""
    rows = Reading.objects.filter(indicator__in=names)
    periods = rows.order_by("-period").values_list("period", flat=True).distinct()
    return list(rows.filter(period__in=list(periods[:_RECENT])).order_by("period", "pk"))


def _watched(indicator: Indicator, row: Reading | None, recent: list[Reading]) -> Watched:
    mine = [e for e in recent if row and e.indicator == indicator.name and e.period < row.period]
    return Watched(
        indicator,
        reading_view(row) if row else None,
        reading_view(mine[-1]) if mine else None,
    )


def _registered(risk: Risk, values: dict[str, float | None]) -> Registered:
    def at(grade: object) -> int | None:
        from equipoise.watch import Grade

        if not isinstance(grade, Grade):
            return None
        return grade.at(values.get(grade.indicator or ""))

    return Registered(risk, at(risk.probability), at(risk.impact), at(risk.residual))
