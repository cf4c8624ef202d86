"""Endpoints about what is watched: readings and alerts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router

from equipoise.service.contexts.watch import reading
from equipoise.service.contexts.watch.schemas import (
    AlertsAsked,
    ReadingsAsked,
    WatchAlertOut,
    WatchReadingOut,
)
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out

router = Router(tags=["watch"])


@router.get("/watch/readings", auth=May(Action.READ_RISK), response=Page[WatchReadingOut])
def list_readings(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[ReadingsAsked],
    paging: QueryOf[Paging],
) -> Any:
    """Readings, those that were kept last first; of a period that was delivered again both."""
    return page_out(request, response, reading.listed_readings(asked.indicator, paging))


@router.get("/watch/alerts", auth=May(Action.READ_RISK), response=Page[WatchAlertOut])
def list_alerts(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[AlertsAsked],
    paging: QueryOf[Paging],
) -> Any:
    """Alerts, those that were raised last first."""
    return page_out(request, response, reading.listed_alerts(asked.state or "", paging))


@router.get("/watch/alerts/{alert_id}", auth=May(Action.READ_RISK), response=WatchAlertOut)
def read_alert(request: HttpRequest, alert_id: str) -> Any:
    """Where an alert stands."""
    try:
        return reading.alert(alert_id).alert
    except ObjectDoesNotExist:
        raise Http404 from None
