"""Where people land."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action


@require_safe
@may(Action.SEE_SELF)
def home(request: HttpRequest) -> HttpResponse:
    """Who you are here, and the pages that are for you."""
    by = caller(request)
    doors = {
        "help": Action.HELP_APPLICANTS,
        "strategies": Action.READ_STRATEGIES,
        "people": Action.CONFIRM_ROLES,
        "webhooks": Action.MANAGE_WEBHOOKS,
        "outbox": Action.READ_MESSAGES,
        "erasures": Action.ERASE_PERSONAL,
    }
    shown = {"by": by, **{name: by.reach(right) is not None for name, right in doors.items()}}
    return render(request, "frame/home.html", shown)
