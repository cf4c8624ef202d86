"""Where people land."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from equipoise.service.pages.frame.desks import doors_of
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.roles import ROLES
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action


@require_safe
@may(Action.SEE_SELF)
def home(request: HttpRequest) -> HttpResponse:
    """Who you are here, and the pages that are for you."""
    by = caller(request)
    shown = {"role": ROLES[by.role], "doors": doors_of(by)}
    return render(request, "frame/home.html", shown)
