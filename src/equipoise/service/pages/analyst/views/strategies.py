"""The registry's pages: what is in force, what waits, and each version, opened to be read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.registry import reading
from equipoise.service.pages.analyst.registered import version_at
from equipoise.service.pages.analyst.tables import tables_of
from equipoise.service.pages.analyst.version_page import STATES, shown
from equipoise.service.pages.analyst.views import editing, handing_in, stepping
from equipoise.service.pages.frame.asked import named
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

_SHOWN = 50


@require_safe
@may(Action.READ_STRATEGIES)
def index(request: HttpRequest) -> HttpResponse:
    """What is in force, and the versions: those that wait for a review first."""
    standing = reading.all_standing()
    versions = reading.newest(_SHOWN)
    context = {
        "standing": standing,
        "versions": [(each, say(STATES[each.state])) for each in versions],
        "names": named({each.by for each in standing}),
        "writes": caller(request).reach(Action.WRITE_STRATEGY) is not None,
    }
    return render(request, "analyst/strategies.html", context)


@require_safe
@may(Action.READ_STRATEGIES)
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version, and the people behind it."""
    return shown(request, version_at(version_id))


@require_safe
@may(Action.READ_STRATEGIES)
def opened(request: HttpRequest, version_id: int) -> HttpResponse:
    """The version as tables and sentences."""
    one = version_at(version_id)
    try:
        tables = tables_of(reading.content_of(one.id))
    except EquipoiseError as error:
        tables, wrong = [], refused(error)
    else:
        wrong = ""
    writes = caller(request).reach(Action.WRITE_STRATEGY) is not None
    context = {"version": one, "tables": tables, "wrong": wrong, "writes": writes}
    return render(request, "analyst/opened.html", context)


@require_safe
@may(Action.READ_STRATEGIES)
def moves(request: HttpRequest, strategy: str) -> HttpResponse:
    """How a strategy's pointer moved, and what may be done with what is in force."""
    standing = reading.standing_of(strategy)
    if standing is None:
        raise Http404
    return stepping.moves_page(request, standing)


urlpatterns = [
    path("", index, name="strategies"),
    *handing_in.urlpatterns,
    path("in-force/<slug:strategy>/", moves, name="strategy-moves"),
    path("<int:version_id>/", version, name="strategy"),
    path("<int:version_id>/read", opened, name="strategy-read"),
    *stepping.urlpatterns,
    *editing.urlpatterns,
]
