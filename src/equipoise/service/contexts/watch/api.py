"""Endpoints about what is watched: readings, and alerts. Programs may read; what is done about an
alert, people do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router
from ninja.errors import HttpError

from equipoise.service.contexts.watch import reading, services
from equipoise.service.contexts.watch.reading import AlertInFull
from equipoise.service.contexts.watch.schemas import (
    AlertClosingIn,
    AlertMitigationIn,
    AlertPlanIn,
    AlertRefusalIn,
    AlertsAsked,
    AlertSeenIn,
    AlertSilenceIn,
    AlertTreatmentIn,
    ReadingsAsked,
    WatchAlertInFullOut,
    WatchAlertOut,
    WatchReadingOut,
)
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import (
    SEALED,
    STATE,
    TWO_PEOPLE,
    Kind,
    View,
    gives,
)

router = Router(tags=["watch"])
_READS, _ACTS = May(Action.READ_RISK), May(Action.ACT_ON_RISK)
_ONE = "/watch/alerts/{alert_id}"


def _acts(rest: str, *more: Kind) -> Callable[[View], View]:
    """An endpoint by which a person does something about an alert, and reads how it stands then;
    `more` are the problems that not all of these endpoints give."""

    def routed(view: View) -> View:
        given = gives(STATE, *more, SEALED)(view)
        router.post(f"{_ONE}{rest}", auth=_ACTS, response=WatchAlertInFullOut)(given)
        return view

    return routed


@router.get("/watch/readings", auth=_READS, response=Page[WatchReadingOut])
def list_readings(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[ReadingsAsked],
    paging: QueryOf[Paging],
) -> Any:
    """Readings, those that were kept last first; of a period that was delivered again both."""
    return page_out(request, response, reading.listed_readings(asked.indicator, paging))


@router.get("/watch/alerts", auth=_READS, response=Page[WatchAlertOut])
def list_alerts(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[AlertsAsked],
    paging: QueryOf[Paging],
) -> Any:
    """Alerts, those that were raised last first."""
    return page_out(request, response, reading.listed_alerts(asked.state or "", paging))


@router.get(_ONE, auth=_READS, response=WatchAlertInFullOut)
@gives(SEALED)
def read_alert(request: HttpRequest, alert_id: str) -> Any:
    """Where an alert stands, and all that happened to it."""
    return _in_full(alert_id)


@_acts("/acknowledgement")
def acknowledge_alert(request: HttpRequest, alert_id: str, body: AlertSeenIn) -> Any:
    """Take it: it is yours, and nobody else is called for it."""
    services.acknowledge(alert_id, caller(request), body.seen)
    return _in_full(alert_id)


@_acts("/treatment")
def treat_alert(request: HttpRequest, alert_id: str, body: AlertTreatmentIn) -> Any:
    """Do something about it, said in words."""
    services.treat(alert_id, caller(request), body.seen, body.how)
    return _in_full(alert_id)


@_acts("/plan")
def treat_alert_by_plan(request: HttpRequest, alert_id: str, body: AlertPlanIn) -> Any:
    """Begin a plan in force because of it, as its treatment: the last of what happened names the
    run. For those who may run plans."""
    by = caller(request)
    if by.reach(Action.RUN_PLANS) is None:
        raise HttpError(403, f"this needs the right '{Action.RUN_PLANS.value}'")
    services.treat_by_plan(alert_id, by, body.seen, body.plan)
    return _in_full(alert_id)


@_acts("/mitigation")
def mitigate_alert(request: HttpRequest, alert_id: str, body: AlertMitigationIn) -> Any:
    """Say that what was done should hold."""
    services.mitigate(alert_id, caller(request), body.seen, body.how)
    return _in_full(alert_id)


@_acts("/verification", TWO_PEOPLE)
def verify_alert(request: HttpRequest, alert_id: str, body: AlertSeenIn) -> Any:
    """Say that it holds, as somebody who did not do it, once it rings no more."""
    services.verify(alert_id, caller(request), body.seen)
    return _in_full(alert_id)


@_acts("/closing")
def ask_to_close_alert(request: HttpRequest, alert_id: str, body: AlertClosingIn) -> Any:
    """Ask for its end; another has to agree."""
    services.ask_to_close(alert_id, caller(request), body.seen, body.ending, body.reason)
    return _in_full(alert_id)


@_acts("/closing/agreement", TWO_PEOPLE)
def agree_to_close_alert(request: HttpRequest, alert_id: str, body: AlertSeenIn) -> Any:
    """Close it as it was asked for, as somebody who did not ask."""
    services.agree_to_close(alert_id, caller(request), body.seen)
    return _in_full(alert_id)


@_acts("/closing/refusal")
def refuse_to_close_alert(request: HttpRequest, alert_id: str, body: AlertRefusalIn) -> Any:
    """Leave it open."""
    services.refuse_to_close(alert_id, caller(request), body.seen, body.reason)
    return _in_full(alert_id)


@_acts("/silence")
def silence_alert(request: HttpRequest, alert_id: str, body: AlertSilenceIn) -> Any:
    """Have nobody told of it for a while; it stays what it is, and is told of again afterwards."""
    services.silence(alert_id, caller(request), body.seen, body.until, body.reason)
    return _in_full(alert_id)


@_acts("/silence/end")
def end_silence_of_alert(request: HttpRequest, alert_id: str, body: AlertSeenIn) -> Any:
    """End its silence before its time."""
    services.end_silence(alert_id, caller(request), body.seen)
    return _in_full(alert_id)


def _in_full(alert_id: str) -> dict[str, Any]:
    shown: AlertInFull = reading.alert(alert_id)
    own = {name: getattr(shown.alert, name) for name in WatchAlertOut.model_fields}
    told = ("treated_by", "asked_by", "asked_ending", "asked_reason", "happened")
    begun = [{"plan": plan, "run": run} for plan, run in shown.begun]
    return {**own, **{name: getattr(shown, name) for name in told}, "begun": begun}
