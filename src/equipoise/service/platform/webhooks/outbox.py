"""From the record to deliveries. What is to be told stands in the record, durable before anyone
was answered, so deciding writes nothing more: each address has a cursor, and this moves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction

from equipoise.record.events import Event, Recorded
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record.models import Event as Row
from equipoise.service.platform.record.reading import read
from equipoise.service.platform.record.safe_upto import settled
from equipoise.service.platform.record.subjects import new_id
from equipoise.service.platform.webhooks.models import Delivery, Webhook
from equipoise.service.platform.webhooks.public import BY_EVENT, PING, Public, public_types, words
from equipoise.service.platform.webhooks.services import served

_WINDOW = 1000  # sequences looked at together
Told = Sequence[Recorded[Event]]


def gather(windows: int = 50) -> int:
    """Note what has happened since, for each address that may know; how many deliveries that made.

    Looks at `windows` thousand entries at most. May be run by several processes at once: an event
    is noted once for each address.
    """
    made = 0
    for after, upto in _windows(windows):
        events = list(read(public_types(), after, upto))
        for webhook in Webhook.objects.filter(switched_off="", cursor__lt=upto):
            owner = served(webhook)
            if owner is not None:
                made += _note(webhook, owner, events, upto)
    return made


def _windows(most: int) -> Iterator[tuple[int, int]]:
    active = Webhook.objects.filter(switched_off="")
    cursors = list(active.order_by("cursor").values_list("cursor", flat=True))
    if not cursors or not Row.objects.filter(sequence__gt=cursors[0]).exists():
        return
    after, upto = cursors[0], settled()
    for _ in range(most):
        if upto is None or after >= upto:
            return
        end = min(after + _WINDOW, upto)
        yield after, end
        after = end


def _note(webhook: Webhook, owner: Principal, events: Told, upto: int) -> int:
    seen = [each for each in events if each.sequence > webhook.cursor]
    told = _visible(owner, [each for each in seen if _wanted(webhook, owner, each)])
    rows = [
        Delivery(
            id=new_id("message"),
            webhook=webhook,
            event=each.sequence,
            kind=_public(each).name,
        )
        for each in told
    ]
    with transaction.atomic():
        moved = Webhook.objects.filter(pk=webhook.pk, cursor=webhook.cursor).update(cursor=upto)
        if not moved:
            return 0  # another process was first
        Delivery.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _wanted(webhook: Webhook, owner: Principal, each: Recorded[Event]) -> bool:
    public = _public(each)
    if public.name == PING:
        return bool(each.entry.chain == webhook.id)
    may = public.needs is None or owner.reach(public.needs) is not None
    return may and public.name in webhook.events


def _visible(owner: Principal, events: Told) -> Told:
    """Without what tells of rows that are not the owner's."""
    seen: dict[str, set[str]] = {}
    for public in {each.name: each for each in map(_public, events)}.values():
        over = owner.reach(public.needs) if public.needs else None
        if public.rows is not None and over is not None:
            asked = {_about(each) for each in events if _public(each) is public}
            rows = public.rows._default_manager.filter(rows_for(owner, over), pk__in=asked)
            seen[public.name] = set(rows.values_list("pk", flat=True))
    return [each for each in events if _is_seen(each, seen)]


def _is_seen(each: Recorded[Event], seen: Mapping[str, set[str]]) -> bool:
    public = _public(each)
    return public.rows is None or _about(each) in seen.get(public.name, ())


def _public(each: Recorded[Event]) -> Public:
    return BY_EVENT[each.entry.kind]


def _about(each: Recorded[Event]) -> str:
    """The row that it tells of."""
    return str(words(each)["id"])
