"""How often one may ask for an applicant's pages: nobody there is known by name, so it is counted
by address and by draft, over all processes.

What is refused is looked at no further, and told with a page that says how long to wait.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from equipoise.service.pages.applicant.busy import busy
from equipoise.service.platform.allowances.leases import Allowance, UsedUp, take
from equipoise.service.platform.login.callers import address_of
from equipoise.service.platform.operations.logs import facts, log

Answer = Callable[[HttpRequest], HttpResponse]
_PAGES, _BEGINNING = "/apply/", "/apply/begin"
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_LEASE = 20  # requests that a process may let through after one look at the table
# Five a second: no person presses so often, and an open page asks once in some seconds.
_DRAFT = Allowance("requests of a draft", 300, _MINUTE, _LEASE)
_log = log("pages")


def paced(answer: Answer) -> Answer:
    """The middleware. Other addresses go through untouched."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_PAGES):
            return answer(request)
        try:
            _take(request)
        except UsedUp as error:
            return too_often(request, error.wait)
        except (OperationalError, InterfaceError) as error:  # no page is behind this that tells it
            return busy(request, error)
        return answer(request)

    return handle


def take_of_draft(draft: str) -> None:
    """Take one request of an open draft's allowance. Raises UsedUp."""
    take(_DRAFT, draft)


def _take(request: HttpRequest) -> None:
    address, given = address_of(request), settings.CONFIGURATION
    take(Allowance("requests of an address", given.apply_requests, _MINUTE, _LEASE), address)
    if request.path == _BEGINNING and request.method == "POST":
        take(Allowance("beginnings of an address", given.apply_beginnings, _HOUR), address)


def too_often(request: HttpRequest, wait: timedelta) -> HttpResponse:
    """The page that says how long to wait."""
    # Pages are loaded when the first person comes, not with every process.
    from equipoise.service.pages.applicant.showing import show
    from equipoise.service.pages.frame.language import wished
    from equipoise.texts.saying import speaking

    seconds = max(1, math.ceil(wait.total_seconds()))
    _log.warning("too many requests for applicants' pages", extra=facts(wait=seconds))
    with speaking(wished(request)):
        page = show(request, "wait", {"minutes": math.ceil(seconds / 60)}, status=429)
    page["Retry-After"] = str(seconds)
    return page
