"""From the record to deliveries. What is to be told stands in the record, durable before anyone
was answered, so deciding writes nothing more: each address has a cursor, and this moves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from equipoise.record.chain import Entry
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record.models import Event
from equipoise.service.platform.record.safe_upto import settled
from equipoise.service.platform.record.subjects import new_id
from equipoise.service.platform.webhooks.kinds import BY_ENTRY, PING, Kind
from equipoise.service.platform.webhooks.models import Delivery, Webhook
from equipoise.service.platform.webhooks.services import served

_WINDOW = 1000  # sequences looked at together
_COLUMNS = ("sequence", "chain", "place", "at", "kind", "body", "prev", "hash")
Found = tuple[int, Entry]


def gather(windows: int = 50) -> int:
    """Note what has happened since, for each address that may know; how many deliveries that made.

    Looks at `windows` thousand entries at most. May be run by several processes at once: an event
    is noted once for each address.
    """
    made = 0
    for after, upto in _windows(windows):
        found = list(entries(after, upto))
        for webhook in Webhook.objects.filter(switched_off="", cursor__lt=upto):
            owner = served(webhook)
            if owner is not None:
                made += _note(webhook, owner, found, upto)
    return made


def entries(after: int, upto: int) -> Iterator[Found]:
    """The record's entries that can be told, of sequence `after` < s <= `upto`."""
    rows = Event.objects.filter(sequence__gt=after, sequence__lte=upto, kind__in=list(BY_ENTRY))
    yield from _read(rows.order_by("sequence").values_list(*_COLUMNS))


def entries_at(sequences: Sequence[int]) -> dict[int, Entry]:
    """The entries of these sequences."""
    return dict(_read(Event.objects.filter(sequence__in=sequences).values_list(*_COLUMNS)))


def _windows(most: int) -> Iterator[tuple[int, int]]:
    active = Webhook.objects.filter(switched_off="")
    cursors = list(active.order_by("cursor").values_list("cursor", flat=True))
    if not cursors or not Event.objects.filter(sequence__gt=cursors[0]).exists():
        return
    after, upto = cursors[0], settled()
    for _ in range(most):
        if upto is None or after >= upto:
            return
        end = min(after + _WINDOW, upto)
        yield after, end
        after = end


def _note(webhook: Webhook, owner: Principal, found: Sequence[Found], upto: int) -> int:
    seen = [each for each in found if each[0] > webhook.cursor]
    told = _visible(owner, [each for each in seen if _wanted(webhook, owner, each[1])])
    rows = [
        Delivery(
            id=new_id("message"),
            webhook=webhook,
            event=sequence,
            kind=BY_ENTRY[entry.kind].name,
        )
        for sequence, entry in told
    ]
    with transaction.atomic():
        moved = Webhook.objects.filter(pk=webhook.pk, cursor=webhook.cursor).update(cursor=upto)
        if not moved:
            return 0  # another process was first
        Delivery.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _wanted(webhook: Webhook, owner: Principal, entry: Entry) -> bool:
    kind = BY_ENTRY[entry.kind]
    if kind.name == PING:
        return bool(entry.chain == webhook.id)
    may = kind.needs is None or owner.reach(kind.needs) is not None
    return may and kind.name in webhook.events


def _visible(owner: Principal, found: Sequence[Found]) -> list[Found]:
    """Without what tells of rows that are not the owner's."""
    seen: dict[Kind, set[str]] = {}
    for kind in {BY_ENTRY[entry.kind] for _, entry in found}:
        over = owner.reach(kind.needs) if kind.needs else None
        if kind.rows is not None and over is not None:
            asked = {kind.about(entry) for _, entry in found if BY_ENTRY[entry.kind] is kind}
            rows = kind.rows._default_manager.filter(rows_for(owner, over), pk__in=asked)
            seen[kind] = set(rows.values_list("pk", flat=True))
    return [(s, e) for s, e in found if _is_seen(BY_ENTRY[e.kind], e, seen)]


def _is_seen(kind: Kind, entry: Entry, seen: Mapping[Kind, set[str]]) -> bool:
    return kind.rows is None or kind.about(entry) in seen.get(kind, ())


def _read(rows: Iterable[Any]) -> Iterator[Found]:
    for sequence, chain, place, at, kind, body, prev, own in rows:
        yield sequence, Entry(chain, place, at, kind, bytes(body), bytes(prev), bytes(own))
