"""The pages about webhooks: who is told, what arrived, and a button to send again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Paging, page_of
from equipoise.service.platform.webhooks import services
from equipoise.service.platform.webhooks.reading import (
    DELIVERIES,
    STATES,
    Address,
    address,
    addresses,
    deliveries,
    found_delivery,
)
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

_SHOWN = 50
_MAY = may(Action.MANAGE_WEBHOOKS)


@require_safe
@_MAY
def index(request: HttpRequest) -> HttpResponse:
    """All addresses of whoever looks."""
    return render(request, "integrator/webhooks.html", {"webhooks": addresses(request)})


@require_safe
@_MAY
def log(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """One address and its deliveries, newest first; `state` and `after` as in the API."""
    webhook = _address(request, webhook_id)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    asked = Paging(limit=_SHOWN, after=request.GET.get("after", "")[:300])
    try:
        part = page_of(deliveries(webhook.id, state), DELIVERIES, asked)
    except BadInput:
        raise Http404 from None
    shown = {
        "webhook": webhook,
        "deliveries": part.rows,
        "state": state,
        "states": ["", *STATES],
        "older": part.next,
    }
    return render(request, "integrator/webhook_log.html", shown)


@require_POST
@_MAY
def ping(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """Send a test."""
    webhook = _address(request, webhook_id)
    try:
        services.ping(webhook.id, caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    else:
        messages.success(request, say("A test is on its way; load the page again in a moment."))
    return redirect("webhook", webhook.id)


@require_POST
@_MAY
def replay(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Send a delivery again."""
    try:
        delivery = found_delivery(request, delivery_id)
    except ObjectDoesNotExist:
        raise Http404 from None
    try:
        services.replay(delivery.pk, caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
    else:
        messages.success(
            request, say("{kind} is sent again, under the same id.", kind=delivery.kind)
        )
    return redirect("webhook", delivery.webhook_id)


def _address(request: HttpRequest, webhook_id: str) -> Address:
    try:
        return address(request, webhook_id)
    except ObjectDoesNotExist:
        raise Http404 from None


urlpatterns = [
    path("", index, name="webhooks"),
    path("<slug:webhook_id>/", log, name="webhook"),
    path("<slug:webhook_id>/ping", ping, name="webhook-ping"),
    path("deliveries/<slug:delivery_id>/replay", replay, name="webhook-replay"),
]
