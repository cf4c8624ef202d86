"""Who left at a step, to be won back: by which reference they are found, and nothing about them."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.process import reading
from equipoise.service.contexts.process.reading import LostOne
from equipoise.service.pages.frame.exporting import exported
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.owner import words
from equipoise.service.pages.owner.views.journey import about, chosen_picture
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.exports.services import Column, Export
from equipoise.service.platform.exports.writing import Row

_SHOWN = 100
_COLUMNS = (
    Column("reference"),
    Column("step"),
    Column("left_at", datetime),
    Column("turn"),
    Column("fell_silent", bool),
    Column("channel"),
)


@require_safe
@may(Action.READ_PROCESS)
def index(request: HttpRequest) -> HttpResponse:
    """The latest of those who left at a step; the journey's own page where nothing is drawn yet."""
    source, kept = chosen_picture(request)
    picture = kept.picture if kept else None
    if picture is None:
        return redirect("journey")
    step = _step(request.GET.get("step", ""), picture.order)
    counts = reading.lost_counts(source)
    shown = {
        **about(source, kept),
        "step": step,
        "name": words.step_name(step, picture),
        "steps": [(each, words.step_name(each, picture), counts.get(each, 0))
                  for each in picture.order],
        "rows": [(each, words.PARTIES.get(each.turn, "")) for each in
                 reading.lost(source, step, _SHOWN)],
        "all": counts.get(step, 0),
        "exports": caller(request).reach(Action.EXPORT) is not None,
        "filters": {"step": step, "source": source},
    }  # fmt: skip
    return render(request, "owner/lost.html", shown)


@require_POST
@may(Action.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """All of those who left at a step, as a file."""
    if caller(request).reach(Action.READ_PROCESS) is None:
        raise PermissionDenied
    source = request.POST.get("source", reading.RECORD)
    kept = reading.kept(source) if source in {reading.RECORD, reading.LOG} else None
    if kept is None or kept.picture is None:
        raise Http404
    step = _step(request.POST.get("step", ""), kept.picture.order)
    made = Export("people-lost", _COLUMNS, {"step": step, "source": source})
    return exported(request, made, map(_cells, reading.everybody_lost(source, step)))


def _step(wished: str, order: tuple[str, ...]) -> str:
    """The step that is named, the first one where none is. Raises Http404 for one there is not."""
    if not wished and order:
        return order[0]
    if wished not in order:
        raise Http404
    return wished


def _cells(each: LostOne) -> Row:
    return (each.case, each.step, each.left_at, each.turn, each.by_clock, each.channel)


urlpatterns = [
    path("lost/", index, name="journey-lost"),
    path("lost/export", export, name="journey-lost-export"),
]
