"""Endpoints about webhooks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja import Query as QueryOf
from pydantic import StringConstraints

from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.paging import Order, Page, Paging, page_of, page_out, read_name
from equipoise.service.platform.api.short_text import OptionalName
from equipoise.service.platform.operations.catalogue import ADDRESS, STATE, gives
from equipoise.service.platform.webhooks import services
from equipoise.service.platform.webhooks.models import Attempt, Delivery, Webhook
from equipoise.service.platform.webhooks.reading import (
    DELIVERIES,
    deliveries,
    found_delivery,
    seen,
    webhook_of,
)

router = Router(tags=["webhooks"])
Url = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Event = Annotated[str, StringConstraints(max_length=40)]
_MAY = May(Action.MANAGE_WEBHOOKS)
_ADDRESSES = Order("webhooks", ("id",), (read_name,))


class WebhookIn(Refusing):
    """An address to be: `program` is the id of the program it is for, where an administrator
    makes it for one."""

    url: Url = Field(examples=["https://hooks.example.com/equipoise"])
    events: list[Event] = Field(max_length=20, examples=[["decision.made", "decision.outcome"]])
    name: OptionalName = Field("", examples=["core banking"])
    program: str = Field("", max_length=12)


class WebhookChange(Refusing):
    """What to change; what is left out stays."""

    url: Url | None = None
    events: list[Event] | None = Field(None, max_length=20)
    name: OptionalName | None = None
    active: bool | None = Field(None, strict=True)


class WebhookOut(Schema):
    """An address. `begun_by` is whom it is for; `switched_off` says why it is not active."""

    id: str
    url: str
    name: str
    events: list[str]
    begun_by: str
    made_at: datetime
    active: bool
    switched_off: str
    failures: int
    failing_since: datetime | None


class WebhookMade(WebhookOut):
    """An address just made; the secret is shown this once."""

    secret: str


class Rotation(Refusing):
    """For how long the former secret goes on signing beside the new one."""

    overlap_hours: float = Field(24, ge=0, le=168, strict=True, examples=[24])


class SecretOut(Schema):
    """A new secret; it is shown this once."""

    secret: str


class AttemptOut(Schema):
    """One try: `status` is HTTP's, none where nothing answered; `problem` what went wrong."""

    at: datetime
    status: int | None
    problem: str
    milliseconds: int


class DeliveryOut(Schema):
    """One event to tell one address, and each try. `id` is sent as `webhook-id`; `sequence` is the
    event's place in the record."""

    id: str
    webhook_id: str
    sequence: int
    kind: str
    state: Literal["waiting", "delivered", "dead"]
    tries: int
    made_at: datetime
    next_at: datetime | None
    attempts: list[AttemptOut]

    @staticmethod
    def resolve_attempts(row: Delivery) -> list[Attempt]:
        """The last ones, newest first."""
        return row.last_attempts

    @staticmethod
    def resolve_sequence(row: Delivery) -> int:
        """The event's."""
        return int(row.event)

    @staticmethod
    def resolve_next_at(row: Delivery) -> datetime | None:
        """When it is tried again; None where it is not."""
        return row.next_at if row.state == "waiting" else None


@router.get("/webhooks", auth=_MAY, response=Page[WebhookOut])
def list_webhooks(request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging]) -> Any:
    """The addresses that are yours; for an administrator all."""
    return page_out(request, response, page_of(seen(request), _ADDRESSES, asked))


@router.post("/webhooks", auth=_MAY, response={201: WebhookMade})
@gives(STATE, ADDRESS)
def make_webhook(request: HttpRequest, body: WebhookIn) -> Any:
    """Tell an address of what happens from now on. The answer holds its secret, this once."""
    made = services.make(**body.model_dump(), by=caller(request))
    return Status(201, {**WebhookOut.from_orm(made.webhook).dict(), "secret": made.secret})


@router.get("/webhooks/{webhook_id}", auth=_MAY, response=WebhookOut)
def read_webhook(request: HttpRequest, webhook_id: str) -> Webhook:
    """One address."""
    return webhook_of(request, webhook_id)


@router.patch("/webhooks/{webhook_id}", auth=_MAY, response=WebhookOut)
@gives(STATE, ADDRESS)
def change_webhook(request: HttpRequest, webhook_id: str, body: WebhookChange) -> Webhook:
    """Change it, or switch it off or on. Switched on again, it is told what it missed."""
    return services.change(webhook_of(request, webhook_id).pk, caller(request), **body.model_dump())


@router.delete("/webhooks/{webhook_id}", auth=_MAY, response={204: None})
def remove_webhook(request: HttpRequest, webhook_id: str) -> Any:
    """Remove it, with its secrets and its log."""
    services.remove(webhook_of(request, webhook_id).pk, caller(request))
    return Status(204, None)


@router.post("/webhooks/{webhook_id}/rotate", auth=_MAY, response=SecretOut)
@gives(STATE)
def rotate_secret(request: HttpRequest, webhook_id: str, body: Rotation) -> Any:
    """Make a new secret. Every message is signed by both until the overlap is over."""
    overlap = timedelta(hours=body.overlap_hours)
    return {"secret": services.rotate(webhook_of(request, webhook_id).pk, caller(request), overlap)}


@router.post("/webhooks/{webhook_id}/ping", auth=_MAY, response={202: WebhookOut})
@gives(STATE)
def ping_webhook(request: HttpRequest, webhook_id: str) -> Any:
    """Send `webhook.ping` to it; what came of it is among its deliveries a moment later."""
    webhook = webhook_of(request, webhook_id)
    services.ping(webhook.pk, caller(request))
    return Status(202, webhook)


@router.get("/webhooks/{webhook_id}/deliveries", auth=_MAY, response=Page[DeliveryOut])
def list_deliveries(
    request: HttpRequest,
    response: HttpResponse,
    webhook_id: str,
    asked: QueryOf[Paging],
    state: Literal["", "waiting", "delivered", "dead"] = "",
) -> Any:
    """What was sent and is to be sent, newest first."""
    rows = deliveries(webhook_of(request, webhook_id).pk, state)
    return page_out(request, response, page_of(rows, DELIVERIES, asked))


@router.post("/webhooks/deliveries/{delivery_id}/replay", auth=_MAY, response=DeliveryOut)
@gives(STATE)
def replay_delivery(request: HttpRequest, delivery_id: str) -> Delivery:
    """Send it again, now, under the same id."""
    services.replay(found_delivery(request, delivery_id).pk, caller(request))
    return found_delivery(request, delivery_id)
