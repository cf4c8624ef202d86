"""What time does to alerts, and who is told: each notice once, at least once carried.

A tick and its notices are one transaction for each alert, a message and that it was told another:
a worker that is killed has done one or not, and the next does the rest. The message keeps its id
however often it is carried.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.watch.changing import add
from equipoise.service.contexts.watch.documents import parsed
from equipoise.service.contexts.watch.events import AlertTold
from equipoise.service.contexts.watch.folding import Followed, follow, moment
from equipoise.service.contexts.watch.models import Alert as Row
from equipoise.service.contexts.watch.models import Notice
from equipoise.service.contexts.watch.people import address_of, rules
from equipoise.service.contexts.watch.versions import version_in_force
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.messages.services import Purpose, email, send
from equipoise.service.platform.record import services as record
from equipoise.texts.languages import text_in
from equipoise.texts.saying import say

if TYPE_CHECKING:
    from equipoise.watch import Bundle, Cause, Notified, Rules, WatchDocument

_STILL = ("pending", "closed")
_TEXT = "alert_told"
_SEVERITIES = {"red": "red", "amber": "amber", "data": "fault of the data"}  # as pages say them


def tick() -> int:
    """Have all that is due by now happen; how many alerts changed."""
    version = version_in_force()
    if version is None:
        return 0
    by = rules(parsed(version.text).document)
    alerts = Row.objects.exclude(stage__in=_STILL).order_by("raised_at", "pk")
    return sum(_ticked(each, by) for each in alerts.values_list("pk", flat=True))


def tell() -> int:
    """Send what waits, together what belongs together; how many bundles went."""
    from equipoise.watch import bundles

    version = version_in_force()
    if version is None or not Notice.objects.filter(told_at=None).exists():
        return 0
    document = parsed(version.text).document
    with transaction.atomic():
        waits = Notice.objects.select_for_update().filter(told_at=None)
        waiting = list(waits.exclude(alert__stage="closed").order_by("at", "pk"))
        alerts = Row.objects.in_bulk({each.alert_id for each in waiting})
        followed = {pk: follow(row) for pk, row in alerts.items()}
        pairs = [(followed[each.alert_id].alert, _notified(each)) for each in waiting]
        due = bundles(pairs, _sent(followed), clock.now())
        for each in due:
            _send(each, followed, document)
    return len(due)


def _ticked(alert: str, by: Rules) -> bool:
    from equipoise.watch import ticked

    with transaction.atomic():
        row = Row.objects.select_for_update().get(pk=alert)
        held = follow(row).alert
        happened = ticked(held, by, clock.now())
        add(row, held, happened)
    return bool(happened)


def _notified(notice: Notice) -> Notified:
    from equipoise.watch import Notified

    return Notified(notice.at, notice.id, notice.to, cast("Cause", notice.cause))


def _sent(followed: Mapping[str, Followed]) -> dict[tuple[tuple[str, ...], str], datetime]:
    """When somebody was last told of a group."""
    groups = {each.row.group: each.alert.group for each in followed.values()}
    notices = Notice.objects.filter(told_at__isnull=False, alert__group__in=groups)
    rows = notices.order_by("told_at").values_list("alert__group", "to", "told_at")
    return {(groups[group], to): at for group, to, at in rows if at is not None}


def _send(bundle: Bundle, followed: Mapping[str, Followed], document: WatchDocument) -> None:
    """One message for all of a bundle, and in each alert's chain that it went."""
    ids = [each.id for each in bundle.notices]
    rows = list(Notice.objects.filter(pk__in=ids).order_by("at", "pk"))
    alerts = list(dict.fromkeys(each.alert_id for each in rows))
    message = _written(bundle, [followed[each] for each in alerts], document)
    for alert in alerts:
        mine = [each for each in rows if each.alert_id == alert]
        for each in mine:
            each.bundle, each.message = bundle.id, message
        event = AlertTold(
            notices=tuple(each.id for each in mine),
            to=bundle.to,
            bundle=bundle.id,
            message=message,
        )
        (entry,) = record.append(record.event(alert, event, rows=mine))
        for each in mine:
            each.told_at = moment(entry.at)
            each.save()


def _severity(of: Followed, language: str) -> str:
    return say(_SEVERITIES[of.alert.severity], language)


def _written(bundle: Bundle, followed: list[Followed], document: WatchDocument) -> str:
    """The id of the message; empty where none can go to them: they have no address, or nothing is
    sent from here. Their pages tell them all the same."""
    address = address_of(bundle.to)
    if not address:
        return ""
    labels = {each.name: each.label for each in document.indicators}
    named = [labels.get(each.alert.indicator, {}) for each in followed]
    lenders = next((name for each in named for name in each), "en")
    language = accounts.language_of(bundle.to) or lenders
    lines = [
        f"{text_in(label, language) or each.alert.indicator}: {_severity(each, language)}"
        for label, each in zip(named, followed, strict=True)
    ]
    first = followed[0].row
    values = {
        "alerts": "; ".join(lines),
        "count": str(len(lines)),
        "since": f"{min(each.row.raised_at for each in followed):%Y-%m-%d %H:%M} UTC",
        "alert": first.pk,
    }
    try:
        return send(first.pk, email(address), _TEXT, language, values, purpose=Purpose.DUTY)
    except EquipoiseError:
        return ""
