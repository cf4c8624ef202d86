"""Each request: an id that goes into every log line, a limit on its time, one line."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from equipoise.service.platform.operations import metrics, proxies
from equipoise.service.platform.operations.deadlines import within
from equipoise.service.platform.operations.health import alive, ready
from equipoise.service.platform.operations.logs import facts, log, request_id
from equipoise.service.platform.operations.programs import Answer, sends_a_key, short_way
from equipoise.service.platform.operations.refusals import as_problem, refusal
from equipoise.service.platform.operations.tracing import Span, request_span

_REQUESTS_TIME = 2  # times the database's patience: for one lock that is waited for, and the rest
# Whoever looks after a process asks it by its number: no name of a host is known to fit.
PROBES: Mapping[str, Answer] = {"/healthz": alive, "/readyz": ready}
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
_log = log("requests")


def seconds_for_a_request() -> float:
    """How long one may wait for the database in all."""
    return _REQUESTS_TIME * float(settings.CONFIGURATION.database_patience)


def watched(answer: Answer) -> Answer:
    """The outermost middleware. The id is the caller's X-Request-ID where it is one, else ours."""

    programs = short_way()

    def handle(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        identity = given if _GIVEN.fullmatch(given) else secrets.token_hex(12)
        token = request_id.set(identity)
        start = time.perf_counter()
        try:
            way = PROBES.get(request.path) or (programs if sends_a_key(request) else answer)
            if request.path not in PROBES:
                proxies.notice(request.META)
            with request_span(request.headers.get("traceparent", "")) as span:
                with within(seconds_for_a_request()):
                    response = as_problem(request, refusal(request) or way(request))
                seconds = time.perf_counter() - start
                method = request.method or ""
                report(method, _route(request), response.status_code, seconds, span)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = identity
        for name, value in getattr(request, "answer_headers", {}).items():
            response[name] = value
        response.headers.setdefault("Cache-Control", "no-store")  # files say their own
        return response

    return handle


def report(method: str, route: str, status: int, seconds: float, span: Span) -> None:
    """One request's line in the log, its figures, and what its span says. `route` is the pattern,
    never the path: a path may hold an identifier."""
    method = metrics.known_method(method)
    metrics.observe_request(method, route, status, seconds)
    ms = round(seconds * 1000, 2)
    _log.info("request", extra=facts(method=method, route=route, status=status, ms=ms))
    span.named(f"{method} {route}")
    span.say(
        http__request__method=method,
        http__route=route,
        http__response__status_code=status,
        request=request_id.get(),
    )


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match:
        return f"/{match.route}"
    return request.path if request.path in PROBES else "unknown"
