"""The HTTP API: its routers, and how every failure is told."""

from __future__ import annotations

import math
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import HttpError, ValidationError

from equipoise.errors import BadInput, EquipoiseError, GateRefused
from equipoise.service.accounts.access import May, TooOften, TriesOnly
from equipoise.service.accounts.api import router as accounts
from equipoise.service.accounts.permissions import Action
from equipoise.service.batches.api import router as batches
from equipoise.service.bodies import StrictJson
from equipoise.service.decisions.api import router as decisions
from equipoise.service.decisions.assignment import NoneInForce
from equipoise.service.decisions.idempotency import InProgress, NoKey
from equipoise.service.decisions.loaded import Unusable
from equipoise.service.jobs.api import router as jobs
from equipoise.service.ledger.personal import Unreadable
from equipoise.service.ledger.writer import Conflict, Unavailable
from equipoise.service.openapi import DescribedApi
from equipoise.service.operations import metrics
from equipoise.service.operations.logs import log
from equipoise.service.registry.api import router as registry
from equipoise.service.trials.api import router as trials
from equipoise.service.webhooks.api import router as webhooks

_log = log("api")
PATIENCE = 2  # seconds after which to try again when the database is away
_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NoKey, 400),
    (TriesOnly, 403),
    (InProgress, 409),
    (Unreadable, 410),
    (NoneInForce, 503),
    (Unusable, 503),
    (BadInput, 422),
    (GateRefused, 409),
    (Conflict, 409),
)


def _denied(_request: HttpRequest) -> None:
    """What guards an endpoint that forgot to say who may use it."""
    raise HttpError(403, "nobody may do this")


api = DescribedApi(
    auth=_denied,
    parser=StrictJson(),
    title="Equipoise",
    version="1",
    description="Credit decisions: made, explained, recorded. Keys go in `Authorization: Bearer`.",
    docs_url=None,
    openapi_url="/v1/openapi.json",
)
api.add_router("/v1", accounts)
api.add_router("/v1", registry)
api.add_router("/v1", decisions)
api.add_router("/v1", webhooks)
api.add_router("/v1", trials)
api.add_router("/v1", jobs)
api.add_router("/v1", batches)
operations = Router(tags=["operations"])
api.add_router("", operations)


@operations.get("/metrics", auth=May(Action.READ_METRICS), include_in_schema=False)
def read_metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, which sends an API key of scope `metrics.read`."""
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def _answer(request: HttpRequest, status: int, document: dict[str, Any]) -> HttpResponse:
    return api.create_response(request, document, status=status)


@api.exception_handler(EquipoiseError)
def _told(request: HttpRequest, error: EquipoiseError) -> HttpResponse:
    if isinstance(error, Unavailable):
        return _away(request, error)
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    if status >= 500:
        _log.error("request failed", exc_info=error)
    response = _answer(request, status, error.as_dict())
    if status in (409, 503):
        response["Retry-After"] = str(PATIENCE)
    return response


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _away(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database is away or full: nothing was decided, and whoever asks may ask again."""
    _log.error("database does not answer", exc_info=error)
    if not connection.in_atomic_block:
        connection.close()
    told = {"error": "Unavailable", "message": "the database does not answer; try again"}
    response = _answer(request, 503, told)
    response["Retry-After"] = str(PATIENCE)
    return response


@api.exception_handler(TooOften)
def _too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    told = {"error": "TooOften", "message": "too many requests with this key"}
    response = _answer(request, 429, told)
    response["Retry-After"] = str(math.ceil(error.wait))
    return response


@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def _not_found(request: HttpRequest, _error: Exception) -> HttpResponse:
    return _answer(request, 404, {"error": "NotFound", "message": "there is no such thing"})


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, _error: Exception) -> HttpResponse:
    return _answer(request, 413, {"error": "TooLarge", "message": "the body is too large"})


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    names = {400: "BadRequest", 401: "Unauthenticated", 403: "Forbidden", 404: "NotFound",
             410: "Gone", 415: "WrongType"}  # fmt: skip
    named = names.get(error.status_code, "Refused")
    response = _answer(request, error.status_code, {"error": named, "message": str(error)})
    if error.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What is wrong and where, without repeating what was sent."""
    faults = [
        {"field": ".".join(str(key) for key in fault["loc"]), "message": fault["msg"]}
        for fault in error.errors
    ]
    told = {"error": "Invalid", "message": "the request is not as described", "faults": faults}
    return _answer(request, 422, told)
