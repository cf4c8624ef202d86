"""Packs of rules about books of loans: dated, with their sources, and what changes next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.service.contexts.books import reading
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.permissions import Action


@require_safe
@may(Action.READ_RISK)
def index(request: HttpRequest) -> HttpResponse:
    """Every pack at hand, as it holds on the book's day."""
    from equipoise.service.pages.risk.shown.rules import rules_context  # what reads packs is large

    return render(request, "risk/rules.html", rules_context(reading.packs()))


urlpatterns = [path("rules/", index, name="rules-of-book")]
