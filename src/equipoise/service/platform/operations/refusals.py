"""What goes out at the edge: refusals in one shape."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from equipoise.service.platform.operations.catalogue import IN_THE_CLEAR
from equipoise.service.platform.operations.problems import CONTENT_TYPE, kind_of_status, problem

API = "/v1/"


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request that nobody needs to look at further, else None.

    Nothing has a zero character in its name, and PostgreSQL fails where it is asked for one. A
    program that speaks in the clear is told so: a redirect would hide it.
    """
    if "\0" in request.path:
        return problem(request, kind_of_status(404))
    if settings.CONFIGURATION.https and request.path.startswith(API) and not request.is_secure():
        return problem(request, IN_THE_CLEAR)
    return None


def as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A refusal by Django itself, such as of an address that does not exist, as the API tells
    its own; outside the API for whoever does not ask for a page."""
    if response.status_code < 400 or response.headers.get("Content-Type") == CONTENT_TYPE:
        return response
    if not request.path.startswith(API) and "text/html" in request.headers.get("Accept", ""):
        return response
    plain = problem(request, kind_of_status(response.status_code))
    plain.status_code = response.status_code
    for name, value in response.headers.items():
        if name not in ("Content-Type", "Content-Length"):
            plain.headers[name] = value
    return plain
