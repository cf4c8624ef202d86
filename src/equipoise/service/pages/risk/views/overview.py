"""Risk at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action


@require_safe
@may(Action.READ_RISK)
def overview(request: HttpRequest) -> HttpResponse:
    """What is watched and what rings; how to begin where nothing is watched."""
    by = caller(request)
    return render(
        request, "risk/overview.html", {"sees_plans": by.reach(Action.READ_PLANS) is not None}
    )


urlpatterns = [path("", overview, name="risk")]
