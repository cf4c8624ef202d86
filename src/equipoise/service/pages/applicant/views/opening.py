"""Opening an application in another browser: a code is sent to whoever it belongs to, and typed.

Each page says the same whether there is such an application or not; to look at one changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput
from equipoise.service.contexts.drafts.services import (
    Sought,
    TooManyGuesses,
    ask_code,
    named,
    open_by_code,
    searched,
)
from equipoise.service.pages.applicant import seeking
from equipoise.service.pages.applicant.guard import hand_over, opens
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.frame.language import in_ones_language, speaks_anew
from equipoise.service.platform.login.callers import address_of
from equipoise.texts.saying import say

_METHODS = require_http_methods(["GET", "HEAD", "POST"])


@_METHODS
@never_cache
@in_ones_language
def search(request: HttpRequest) -> HttpResponse:
    """By what a person knows of it: its reference, and where they can be reached."""
    typed = {name: request.POST.get(name, "")[:500] for name in ("reference", "contact")}
    if request.method != "POST" or speaks_anew(request):
        return show(request, "open_search", typed)
    try:
        sought = searched(**typed)
    except BadInput as error:
        fault = {"box": error.field, "message": _unread(error.field)}
        return show(request, "open_search", {**typed, "fault": fault}, status=422)
    then = seeking.remember(redirect("apply-open-code"), sought)
    return _asked(request, sought, then, "open_search", typed)


@_METHODS
@never_cache
@in_ones_language
def ask(request: HttpRequest, draft: str) -> HttpResponse:
    """By a link, such as messages hold: to look at it sends nothing."""
    if opens(request, draft):
        return redirect("apply-tasks", draft)
    if request.method != "POST" or speaks_anew(request):
        return show(request, "open", {})
    return _asked(request, named(draft), redirect("apply-open-code-of", draft), "open", {})


@_METHODS
@never_cache
@in_ones_language
def code(request: HttpRequest) -> HttpResponse:
    """Type the code that was sent for a search."""
    sought = seeking.sought(request)
    if sought is None:
        return redirect("apply-open")
    return _checked(request, sought, reverse("apply-open"))


@_METHODS
@never_cache
@in_ones_language
def code_of(request: HttpRequest, draft: str) -> HttpResponse:
    """Type the code that was sent for a link."""
    return _checked(request, named(draft), reverse("apply-open", args=(draft,)))


def _asked(
    request: HttpRequest, sought: Sought, then: HttpResponse, page: str, typed: Mapping[str, Any]
) -> HttpResponse:
    try:
        ask_code(sought, address_of(request))
    except TooManyGuesses as error:
        return show(request, page, {**typed, "fault": _too_many(error.wait)}, status=429)
    return then


def _checked(request: HttpRequest, sought: Sought, again: str) -> HttpResponse:
    if request.method != "POST" or speaks_anew(request):
        return show(request, "open_code", {"again": again})
    try:
        opened = open_by_code(sought, request.POST.get("code", "")[:40], address_of(request))
    except TooManyGuesses as error:
        shown = {"again": again, "fault": _too_many(error.wait)}
        return show(request, "open_code", shown, status=429)
    if opened is not None:
        return hand_over(redirect("apply-tasks", opened[0]), *opened)
    message = say("This code does not fit. A code holds for ten minutes, and only the newest does.")
    shown = {"again": again, "fault": {"box": "code", "message": message}}
    return show(request, "open_code", shown, status=422)


def _unread(box: str | None) -> str:
    if box == "reference":
        return say("A reference is eight letters and digits, such as 7KQ2-M4XZ.")
    return say("We cannot read this e-mail address or telephone number.")


def _too_many(wait: timedelta) -> Mapping[str, str]:
    minutes = max(1, round(wait.total_seconds() / 60))
    return {"box": "content", "message": say("That was often. Wait {n} min, please.", n=minutes)}


urlpatterns = [
    path("open", search, name="apply-open"),
    path("open/code", code, name="apply-open-code"),
    path("<slug:draft>/open", ask, name="apply-open"),
    path("<slug:draft>/open/code", code_of, name="apply-open-code-of"),
]
