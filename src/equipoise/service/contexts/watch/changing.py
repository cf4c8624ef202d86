"""What happens to alerts, added to the record with the rows that it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models

from equipoise.service.contexts.watch.events import AlertChange
from equipoise.service.contexts.watch.folding import SYSTEM, kept_event, moment, project
from equipoise.service.contexts.watch.models import Alert as Row
from equipoise.service.contexts.watch.models import Notice
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.rows import row_states

if TYPE_CHECKING:
    from equipoise.watch import Alert, AlertEvent

Sealer = Callable[[str], Mapping[str, Any]]


def raise_alert(happened: tuple[AlertEvent, ...]) -> Row:
    """A new alert by its first events, inside the caller's transaction."""
    from equipoise.watch import after

    raised: Any = happened[0]
    alert = after(None, raised)
    row = Row(id=subjects.new_id("alert"), raised_at=raised.at)
    project(row, alert)
    row.save(force_insert=True)
    key = subjects.seal_new(row.pk, {})
    first = kept_event(raised, alert, _refused)
    record.append(key.event(_with_rows(first, [row])))
    add(row, alert, happened[1:])
    return row


def add(
    row: Row,
    alert: Alert,
    happened: Iterable[AlertEvent],
    *,
    by: str = SYSTEM,
    key: str | None = None,
    **more: Any,
) -> Alert:
    """Append what happened to an alert, in the caller's transaction, which holds the row; the alert
    after it."""
    from equipoise.watch import Notified, after

    for each in happened:
        event = kept_event(each, alert, _sealer(row.pk), by=by, key=key, **more)
        alert = after(alert, each)
        project(row, alert)
        row.save()
        made: list[models.Model] = [row]
        if isinstance(each, Notified):
            notice = notice_of(row.pk, each.id, each.to, each.cause, event.moment)
            notice.save(force_insert=True)
            made.append(notice)
        record.append(record.event(row.pk, event, rows=made))
    return alert


def notice_of(alert: str, id_: str, to: str, cause: str, at: int) -> Notice:
    """The row of a notice that waits."""
    return Notice(id=id_, alert_id=alert, to=to, cause=cause, at=moment(at))


def _with_rows(event: AlertChange, rows: list[models.Model]) -> AlertChange:
    from msgspec.structs import replace

    return replace(event, tables=row_states(rows, []))


def _sealer(chain: str) -> Sealer:
    def sealed(words: str) -> Mapping[str, Any]:
        return subjects.seal_for(subjects.held(chain), {"words": words}).body

    return sealed


def _refused(_: str) -> Mapping[str, Any]:
    raise AssertionError("an alert is raised without words")
