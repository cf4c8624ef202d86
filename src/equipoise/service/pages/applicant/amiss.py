"""An address under which there is nothing, and a form that is too old: told to who applies as all
else is, in their language; elsewhere as who works there is told of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure
from django.views.defaults import page_not_found

from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.frame.language import wished
from equipoise.texts.saying import speaking

_PAGES = ("/apply/", "/messages/stop/")


def nothing_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of an address that nothing answers to."""
    with speaking(wished(request)):
        if not request.path.startswith(_PAGES):
            return page_not_found(request, exception)
        return show(request, "nothing_here", {}, status=404)


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page of a form whose token does not fit its browser."""
    with speaking(wished(request)):
        if not request.path.startswith(_PAGES):
            return csrf_failure(request, reason)
        return show(request, "too_old", {}, status=403)
