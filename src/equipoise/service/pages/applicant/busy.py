"""A database that does not answer in time, as a person who applies is told of it: nothing went
through, and what they typed is in their browser still, to be sent once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from equipoise.service.platform.operations.logs import log

_PAGES = "/apply/"
_SECONDS = "10"  # after which it is tried again
_log = log("pages")


def told_when_busy(answer: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The middleware. Other addresses, and other faults, go through untouched."""

    def handle(request: HttpRequest) -> HttpResponse:
        return answer(request)

    handle.process_exception = _page  # type: ignore[attr-defined]  # as Django asks for it
    return handle


def _page(request: HttpRequest, error: Exception) -> HttpResponse | None:
    away = isinstance(error, OperationalError | InterfaceError)
    return busy(request, error) if away and request.path.startswith(_PAGES) else None


def busy(request: HttpRequest, error: Exception) -> HttpResponse:
    """The page that says so, and when to try again."""
    # Pages are loaded when the first person comes, not with every process.
    from equipoise.service.pages.applicant.showing import show
    from equipoise.service.pages.frame.language import wished
    from equipoise.texts.saying import speaking

    _log.error("the database did not answer an applicant's page in time", exc_info=error)
    with speaking(wished(request)):
        page = show(request, "busy", {"sent": request.method == "POST"}, status=503)
    page["Retry-After"] = _SECONDS
    return page
