"""Finding an application from every page: what was typed comes in a body, never in an address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.underwriter.finding import MOST, find
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.accounts.rates import Buckets
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

_RATE, _BURST = 0.5, 30  # a second, and at once: enough for a person, too few to try many values
_buckets = Buckets()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may(Action.READ_DECISIONS)
def index(request: HttpRequest) -> HttpResponse:
    """What can be looked for; and what was found, where something was typed."""
    by = caller(request)
    shown: dict[str, Any] = {"personal": by.reach(Action.READ_PERSONAL) is not None, "most": MOST}
    text = request.POST.get("sought", "").replace("\x00", "").strip()[:MOST]
    if request.method != "POST" or not text:
        return render(request, "underwriter/find.html", shown)
    shown["sought"] = text
    wait = _buckets.take(by.id, _RATE, _BURST)
    if wait > 0:
        shown["fault"] = say("Too many were looked for: wait {n} seconds.", n=round(wait) + 1)
        return render(request, "underwriter/find.html", shown)
    try:
        shown["results"] = find(text, by)
    except BadInput as error:
        shown["fault"] = refused(error)
    return render(request, "underwriter/find.html", shown)


urlpatterns = [path("", index, name="find")]
