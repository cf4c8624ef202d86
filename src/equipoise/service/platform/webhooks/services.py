"""Addresses: made, changed, switched off, removed, their secrets exchanged; each is an event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TypedDict

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.service.platform.accounts.keys import principal_named
from equipoise.service.platform.accounts.permissions import Action, Principal, Reach
from equipoise.service.platform.jobs.clock import doubtful, unseen
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subscriptions
from equipoise.service.platform.record.safe_upto import settled
from equipoise.service.platform.record.subjects import new_id
from equipoise.service.platform.record.writer import Unavailable
from equipoise.service.platform.webhooks import guard, keys
from equipoise.service.platform.webhooks.events import (
    WebhookChanged,
    WebhookMade,
    WebhookPing,
    WebhookRemoved,
    WebhookReplayed,
    WebhookRotated,
)
from equipoise.service.platform.webhooks.models import Delivery, State, Webhook
from equipoise.service.platform.webhooks.public import KINDS, PING

MOST = 20  # addresses for each program or person
BY_A_PERSON = "by a person"
SYSTEM = "system.webhooks"


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An address just made; the secret is shown this once."""

    webhook: Webhook
    secret: str


@cache
def allowed() -> guard.Allowed:
    """What the operator allows beyond the public internet."""
    return guard.Allowed.read(settings.CONFIGURATION.webhook_private)


def make(
    url: str, events: Iterable[str], by: Principal, *, name: str = "", program: str = ""
) -> NewWebhook:
    """A new address, told of what happens from now on.

    `program` is the id of the program it is for, which only someone who manages all addresses may
    name; else it is for whoever makes it. Raises BadInput (Forbidden for the address).
    """
    owner = _owner(by, program)
    kinds = _checked_events(events, owner)
    guard.target(url, allowed())
    after = settled()
    if after is None:
        raise Unavailable("the database is too slow", mend="try again")
    with transaction.atomic():
        if Webhook.objects.filter(begun_by=owner.id).count() >= MOST:
            raise GateRefused(f"there are {MOST} addresses already", mend="remove one first")
        webhook = Webhook.objects.create(
            id=new_id("webhook"),
            url=url,
            name=name,
            events=kinds,
            begun_by=owner.id,
            branch=owner.branch,
            region=owner.region,
            made_by=by.id,
        )
        subscriptions.begin(webhook.id, after)
        secret = keys.new_secret(webhook)
        made = WebhookMade(**_signed(by), host=webhook.host, events=kinds, owner=owner.id)
        record.append(record.event(webhook.id, made, rows=(webhook,), begins=True))
    return NewWebhook(webhook, secret)


def change(
    webhook_id: str,
    by: Principal,
    *,
    url: str | None = None,
    events: Iterable[str] | None = None,
    name: str | None = None,
    active: bool | None = None,
) -> Webhook:
    """Change what is given. Switched on again, it goes on from where it stood."""
    with transaction.atomic():
        webhook = _locked(webhook_id)
        if url is not None:
            guard.target(url, allowed())
            webhook.url = url
        if events is not None:
            owner = principal_named(webhook.begun_by) or by
            webhook.events = _checked_events(events, owner)
        if name is not None:
            webhook.name = name
        switched = None if active is webhook.active else active
        if switched is not None:
            _switch(webhook, "" if switched else BY_A_PERSON)
        webhook.save()
        changed = WebhookChanged(
            **_signed(by),
            host=None if url is None else webhook.host,
            events=None if events is None else webhook.events,
            active=switched,
        )
        record.append(record.event(webhook.id, changed, rows=(webhook,)))
    return webhook


def remove(webhook_id: str, by: Principal) -> None:
    """Remove an address with its secrets and its log; what happened to it stays in the record."""
    with transaction.atomic():
        webhook = _locked(webhook_id)
        removed = WebhookRemoved(**_signed(by), host=webhook.host)
        record.append(record.event(webhook.id, removed, gone=(webhook,)))
        subscriptions.end(webhook.id)
        webhook.delete()


def rotate(webhook_id: str, by: Principal, overlap: timedelta) -> str:
    """A new secret, shown this once; both sign until `overlap` is over."""
    with transaction.atomic():
        webhook = _locked(webhook_id)
        secret = keys.new_secret(webhook, overlap)
        rotated = WebhookRotated(**_signed(by), overlap=overlap.total_seconds())
        record.append(record.event(webhook.id, rotated))
    return secret


def ping(webhook_id: str, by: Principal) -> None:
    """Send a test: an event of the address's own, told to it alone, on the way of all others."""
    with transaction.atomic():
        webhook = _locked(webhook_id)
        _needs_active(webhook)
        record.append(record.event(webhook.id, WebhookPing(**_signed(by))))


def replay(delivery_id: str, by: Principal) -> Delivery:
    """Send it again, now, under the same id; a new round of tries begins."""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        webhook = _locked(delivery.webhook_id)
        _needs_active(webhook)
        delivery.state, delivery.tries, delivery.next_at = State.WAITING, 0, timezone.now()
        delivery.save(update_fields=["state", "tries", "next_at"])
        webhook.rests_until = delivery.next_at
        webhook.save(update_fields=["rests_until"])
        replayed = WebhookReplayed(**_signed(by), delivery=delivery.id)
        record.append(record.event(webhook.id, replayed))
    return delivery


def switch_off(webhook_id: str, why: str) -> None:
    """Switch an address off without a person asking for it."""
    with transaction.atomic():
        webhook = _locked(webhook_id)
        if webhook.active:
            _switch(webhook, why)
            webhook.save()
            changed = WebhookChanged(by=SYSTEM, active=False, why=why)
            record.append(record.event(webhook.id, changed, rows=(webhook,)))


def served(webhook: Webhook) -> Principal | None:
    """Whom the address is for, as they are now; without them it is switched off. Who made it for
    themselves must still have that right; for whom an administrator made it, needs none."""
    owner = principal_named(webhook.begun_by)
    own = webhook.made_by == webhook.begun_by
    now = timezone.now()
    if owner is None and (doubtful(now) or unseen(now)):
        return None  # its keys have ended by a clock that has just jumped
    if owner is None or (own and owner.reach(Action.MANAGE_WEBHOOKS) is None):
        switch_off(webhook.id, "its program or person is gone, or may have no webhooks now")
        return None
    return owner


def _owner(by: Principal, program: str) -> Principal:
    if not program:
        return by
    if by.reach(Action.MANAGE_WEBHOOKS) is not Reach.ALL and by.id != f"program.{program}":
        raise BadInput(
            "an address can only be made for oneself", field="program", mend="leave it out"
        )
    owner = principal_named(f"program.{program}")
    if owner is None:
        raise BadInput("no key of such a program is in force", field="program")
    return owner


def _checked_events(events: Iterable[str], owner: Principal) -> list[str]:
    """The events, if the one they are for may read them."""
    asked = sorted(set(events))
    known = sorted(name for name in KINDS if name != PING)
    if not asked:
        raise BadInput("no event is named", field="events", mend=f"there are {', '.join(known)}")
    for name in asked:
        if name not in known:
            mend = did_you_mean(name, known) or f"there are {', '.join(known)}"
            raise BadInput("there is no such event", field="events", mend=mend)
        needs = KINDS[name].needs
        if needs is not None and owner.reach(needs) is None:
            raise BadInput(
                f"whom the address is for may not read '{name}'",
                field="events",
                mend=f"make it for a program of scope '{needs.value}', or for whom it allows",
            )
    return asked


def _switch(webhook: Webhook, why: str) -> None:
    webhook.switched_off, webhook.failures, webhook.failing_since = why, 0, None
    webhook.rests_until = timezone.now()


def _needs_active(webhook: Webhook) -> None:
    if not webhook.active:
        raise GateRefused(
            f"the address is switched off: {webhook.switched_off}", mend="switch it on first"
        )


def _locked(webhook_id: str) -> Webhook:
    return Webhook.objects.select_for_update().get(pk=webhook_id)


class _Signed(TypedDict):
    by: str
    key: str | None


def _signed(by: Principal) -> _Signed:
    return {"by": by.id, "key": by.key or None}
