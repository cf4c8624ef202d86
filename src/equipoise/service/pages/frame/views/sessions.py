"""The page of one's own sessions. It is for everybody who has logged in, also without a role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.pages.frame.language import wished
from equipoise.service.platform.accounts.access import signed_in
from equipoise.service.platform.login.sessions import end_session, end_sessions, sessions_of
from equipoise.service.platform.login.store import SessionStore
from equipoise.texts.saying import say, speaking

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _own(page: Page[P]) -> Page[P]:
    @wraps(page)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if signed_in(request) is None:
            from django.contrib.auth.views import redirect_to_login

            return redirect_to_login(request.get_full_path())
        with speaking(wished(request)):
            return page(request, *args, **kwargs)

    return guarded


@require_safe
@_own
def index(request: HttpRequest) -> HttpResponse:
    """Where one is logged in."""
    shown = {"sessions": sessions_of(_number(request)), "current": _current(request)}
    return render(request, "frame/sessions.html", shown)


@require_POST
@_own
def end_others(request: HttpRequest) -> HttpResponse:
    """End all but the one that asks."""
    count = end_sessions(_number(request), but=_current(request))
    messages.success(request, say("Ended: {n}. You are logged in here alone.", n=count))
    return redirect("sessions")


@require_POST
@_own
def end(request: HttpRequest, session_id: str) -> HttpResponse:
    """End one."""
    try:
        end_session(_number(request), session_id)
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, say("That session is ended."))
    return redirect("sessions")


def _number(request: HttpRequest) -> int:
    return cast(int, request.user.pk)


def _current(request: HttpRequest) -> str:
    return cast(SessionStore, request.session).digest


urlpatterns = [
    path("", index, name="sessions"),
    path("end-others", end_others, name="sessions-end-others"),
    path("<slug:session_id>/end", end, name="session-end"),
]
