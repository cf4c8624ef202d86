"""Finding addresses and deliveries for whoever asks. Others' are not there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from equipoise.service.platform.accounts.access import caller, reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.api.paging import Order, read_sequence
from equipoise.service.platform.webhooks.models import Attempt, Delivery, State, Webhook

_WEBHOOK, _MESSAGE = re.compile(r"webhook-[0-9a-f]{32}"), re.compile(r"message-[0-9a-f]{32}")
SHOWN_ATTEMPTS = 20
DELIVERIES = Order("deliveries", ("-event",), (read_sequence,))


STATES: tuple[str, ...] = tuple(State.values)
"""Where a delivery may stand."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address that is told of events, where it leads, and how it fares: `switched_off` says
    why nothing is sent to it, `failures` how often in a row it did not take what was."""

    id: str
    name: str
    url: str
    host: str
    events: tuple[str, ...]
    begun_by: str
    active: bool
    switched_off: str
    failures: int
    failing_since: datetime | None


def addresses(request: HttpRequest) -> list[Address]:
    """The addresses that the caller may see, oldest first."""
    return [_address(row) for row in seen(request)]


def address(request: HttpRequest, webhook_id: str) -> Address:
    """The address. Raises DoesNotExist."""
    return _address(webhook_of(request, webhook_id))


def seen(request: HttpRequest) -> QuerySet[Webhook]:
    """The addresses that the caller may see, oldest first."""
    return Webhook.objects.filter(rows_for(caller(request), reach(request))).order_by("pk")


def webhook_of(request: HttpRequest, webhook_id: str) -> Webhook:
    """The address. Raises DoesNotExist."""
    if not _WEBHOOK.fullmatch(webhook_id):
        raise Webhook.DoesNotExist
    return seen(request).get(pk=webhook_id)


def found_delivery(request: HttpRequest, delivery_id: str) -> Delivery:
    """The delivery with its last attempts. Raises DoesNotExist."""
    if not _MESSAGE.fullmatch(delivery_id):
        raise Delivery.DoesNotExist
    return _with_attempts().filter(webhook__in=seen(request)).get(pk=delivery_id)


def deliveries(webhook_id: str, state: str = "") -> QuerySet[Delivery]:
    """An address's deliveries with their last attempts; of one state where it is given."""
    rows = _with_attempts().filter(webhook=webhook_id)
    return rows.filter(state=state) if state else rows


def _address(row: Webhook) -> Address:
    return Address(
        row.pk,
        row.name,
        row.url,
        row.host,
        tuple(row.events),
        row.begun_by,
        row.active,
        row.switched_off,
        row.failures,
        row.failing_since,
    )


def _with_attempts() -> QuerySet[Delivery]:
    last = Attempt.objects.order_by("-pk")[:SHOWN_ATTEMPTS]
    return Delivery.objects.prefetch_related(Prefetch("attempts", last, to_attr="last_attempts"))
