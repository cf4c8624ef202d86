"""From the record to deliveries. What is to be told stands in the record, durable before anyone
was answered, so deciding writes nothing more: each address is a subscription of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from equipoise.record.events import Event, Recorded
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record import subscriptions
from equipoise.service.platform.record.subjects import new_id
from equipoise.service.platform.record.subscriptions import Subscription
from equipoise.service.platform.webhooks.models import Delivery, Webhook
from equipoise.service.platform.webhooks.public import BY_EVENT, PING, Public, public_types, words
from equipoise.service.platform.webhooks.services import served

Told = Sequence[Recorded[Event]]


def gather() -> int:
    """Note what has happened since, for each address that may know; how many deliveries that made.

    May be run by several processes at once: an event is noted once for each address.
    """
    notes = [
        _Notes(webhook, owner)
        for webhook in Webhook.objects.filter(switched_off="").order_by("pk")
        if (owner := served(webhook)) is not None
    ]
    subscriptions.forward([each.subscription for each in notes])
    return sum(each.made for each in notes)


class _Notes:
    """Notes down what an address is to be told; `made` counts the deliveries."""

    def __init__(self, webhook: Webhook, owner: Principal) -> None:
        self._webhook, self._owner, self.made = webhook, owner, 0
        self.subscription = Subscription(webhook.pk, tuple(public_types()), self._take)

    def _take(self, events: Told) -> None:
        webhook, owner = self._webhook, self._owner
        visible = _visible(owner, [each for each in events if _wanted(webhook, owner, each)])
        rows = [
            Delivery(
                id=new_id("message"),
                webhook=webhook,
                event=each.sequence,
                kind=_public(each).name,
            )
            for each in visible
        ]
        Delivery.objects.bulk_create(rows, batch_size=500)
        self.made += len(rows)


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
