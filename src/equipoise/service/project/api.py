"""The HTTP API: its routers, and how every failure is told."""

from __future__ import annotations

import math

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import HttpError, ValidationError

from equipoise.authority import AuthorityRefused, NotPassed, OwnWork
from equipoise.errors import BadInput, EquipoiseError, Faults, GateRefused
from equipoise.record.personal import Erased, Unreadable
from equipoise.service.contexts.agreements.api import router as agreements
from equipoise.service.contexts.applications.api import router as applications
from equipoise.service.contexts.applications.services import NoneInForce
from equipoise.service.contexts.arrivals.api import router as arrivals
from equipoise.service.contexts.asks.api import router as asks
from equipoise.service.contexts.balances.api import router as balances
from equipoise.service.contexts.batches.api import router as batches
from equipoise.service.contexts.batches.services import NoRoom
from equipoise.service.contexts.cases.api import ROUTERS as CASES
from equipoise.service.contexts.complaints.api import router as complaints
from equipoise.service.contexts.concerns.api import router as concerns
from equipoise.service.contexts.conversations.api import router as conversations
from equipoise.service.contexts.decisions.api import router as decisions
from equipoise.service.contexts.decisions.reading import Withheld
from equipoise.service.contexts.decisions.services import TELLER, InProgress, NoKey, OtherBody
from equipoise.service.contexts.disposals.api import router as disposals
from equipoise.service.contexts.drafts.api import router as drafts
from equipoise.service.contexts.erasing.api import router as erasures
from equipoise.service.contexts.feedback.api import router as feedback
from equipoise.service.contexts.hindsight.api import router as hindsight
from equipoise.service.contexts.incidents.api import router as incidents
from equipoise.service.contexts.notices.api import router as notices
from equipoise.service.contexts.officers.api import router as officers
from equipoise.service.contexts.papers.api import router as papers
from equipoise.service.contexts.plans.api import router as plans
from equipoise.service.contexts.process.api import router as process
from equipoise.service.contexts.registry.api import router as registry
from equipoise.service.contexts.registry.reading import Unusable
from equipoise.service.contexts.reviews.api import router as reviews
from equipoise.service.contexts.screenings.api import router as screenings
from equipoise.service.contexts.standings.api import router as standings
from equipoise.service.contexts.trials.api import router as trials
from equipoise.service.contexts.watch.api import router as watch
from equipoise.service.pages.fronts.agreeing import router as agreeing
from equipoise.service.pages.fronts.api import router as fronts
from equipoise.service.pages.fronts.asked import router as fronts_asked
from equipoise.service.pages.fronts.asking import router as fronts_asking
from equipoise.service.pages.fronts.complaints import router as fronts_complaints
from equipoise.service.pages.fronts.data import router as fronts_data
from equipoise.service.pages.fronts.declines import router as declines
from equipoise.service.pages.fronts.helping import router as fronts_helping
from equipoise.service.pages.fronts.moving import router as moving
from equipoise.service.pages.fronts.papers import router as fronts_papers
from equipoise.service.pages.fronts.products_api import router as products
from equipoise.service.pages.fronts.unclear import router as fronts_unclear
from equipoise.service.platform.accounts.access import May, TooOften, TriesOnly
from equipoise.service.platform.accounts.api import router as accounts
from equipoise.service.platform.accounts.people_api import router as people
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.accounts.rights import TwoPeople
from equipoise.service.platform.accounts.session_api import router as sessions
from equipoise.service.platform.api.bodies import StrictJson
from equipoise.service.platform.api.parameters import UnknownParameter, refuse_others
from equipoise.service.platform.messages.api import router as messages
from equipoise.service.platform.operations import catalogue, metrics
from equipoise.service.platform.operations.catalogue import Kind
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.operations.problems import kind_of_status, problem, problem_of
from equipoise.service.platform.record.writer import Conflict, Unavailable
from equipoise.service.platform.webhooks.api import router as webhooks
from equipoise.service.platform.webhooks.guard import Forbidden
from equipoise.service.project.jobs_api import router as jobs
from equipoise.service.project.openapi import DescribedApi

_log = log("api")
PATIENCE = 2  # seconds after which to try again when the database is away
# The first that fits tells the kind of a problem.
_KINDS: tuple[tuple[type[EquipoiseError], Kind], ...] = (
    (NoKey, catalogue.NO_KEY),
    (TriesOnly, catalogue.TEST_KEY),
    (InProgress, catalogue.IN_PROGRESS),
    (Erased, catalogue.GONE),
    (Unreadable, catalogue.SEALED),
    (Withheld, catalogue.NOT_ALLOWED),
    (NoneInForce, catalogue.NONE_IN_FORCE),
    (Unusable, catalogue.UNUSABLE),
    (UnknownParameter, catalogue.UNKNOWN_PARAMETER),
    (OtherBody, catalogue.OTHER_BODY),
    (Forbidden, catalogue.ADDRESS),
    (Faults, catalogue.FAULTS),
    (BadInput, catalogue.VALUE),
    (OwnWork, catalogue.OWN_WORK),
    (AuthorityRefused, catalogue.AUTHORITY),
    (TwoPeople, catalogue.TWO_PEOPLE),
    (NotPassed, catalogue.NOT_PASSED),
    (NoRoom, catalogue.NO_ROOM),
    (GateRefused, catalogue.STATE),
    (Conflict, catalogue.CONFLICT),
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
    openapi_url=None,  # `reference` answers there, with what it keeps
)
operations = Router(tags=["operations"])


@operations.get("/metrics", auth=May(Action.READ_METRICS), include_in_schema=False)
def read_metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, which sends an API key of scope `metrics.read`."""
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


TELLER.append(api.on_exception)
for _router in (
    *(accounts, people, sessions, registry, applications, decisions, drafts, agreements),
    *(conversations, arrivals, notices, papers, complaints, concerns, feedback, fronts, agreeing),
    *(process, hindsight, watch, plans, incidents, disposals, screenings, standings),
    *(products, moving, declines),
    *(fronts_papers, fronts_unclear, fronts_asked, fronts_complaints, fronts_asking, fronts_data),
    fronts_helping,
    *(
        webhooks,
        messages,
        trials,
        balances,
        officers,
        *CASES,
        asks,
        reviews,
        jobs,
        batches,
        erasures,
    ),
):
    refuse_others(_router)
    api.add_router("/v1", _router)
refuse_others(operations)
api.add_router("", operations)


@api.exception_handler(EquipoiseError)
def _ours(request: HttpRequest, error: EquipoiseError) -> HttpResponse:
    if isinstance(error, Unavailable):
        return _away(request, error)
    fitting = (kind for each, kind in _KINDS if isinstance(error, each))
    kind = next(fitting, catalogue.INTERNAL)
    if kind.status >= 500:
        _log.error("request failed", exc_info=error)
    response = problem_of(request, kind, error)
    if kind.status in (409, 503):
        response["Retry-After"] = str(PATIENCE)
    return response


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _away(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database is away or full: nothing was decided, and whoever asks may ask again."""
    _log.error("database does not answer", exc_info=error)
    if not connection.in_atomic_block:
        connection.close()
    response = problem(request, catalogue.UNAVAILABLE, "the database does not answer; try again")
    response["Retry-After"] = str(PATIENCE)
    return response


@api.exception_handler(TooOften)
def _too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    response = problem(request, catalogue.TOO_OFTEN, "too many requests of this program")
    response["Retry-After"] = str(math.ceil(error.wait))
    return response


@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def _not_found(request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(request, catalogue.NOT_FOUND)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(request, catalogue.TOO_LARGE)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    response = problem(request, kind_of_status(error.status_code), str(error))
    if error.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What is wrong and where, without repeating what was sent."""
    faults = [
        {"field": ".".join(str(key) for key in fault["loc"]), "detail": fault["msg"]}
        for fault in error.errors
    ]
    detail = "; ".join(f"{each['field']}: {each['detail']}" for each in faults[:3])
    return problem(request, catalogue.INVALID, detail, faults=faults)
