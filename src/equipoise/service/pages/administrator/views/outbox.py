"""The page of messages: where each stands; what it says only where none is sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.messages.reading import STATES, counts, newest, unreachable
from equipoise.service.platform.messages.services import transport

_SHOWN = 100


@require_safe
@never_cache
@may(Action.READ_MESSAGES)
def index(request: HttpRequest) -> HttpResponse:
    """The newest messages; of one `state` where it is asked for."""
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else ""
    shown = {
        "outbox": newest(_SHOWN, state),
        "counts": counts(),
        "state": state,
        "transport": transport(),
        "unreachable": unreachable(),
    }
    return render(request, "administrator/outbox.html", shown)


urlpatterns = [path("", index, name="outbox")]
