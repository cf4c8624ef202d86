"""The pages about erasures: who is meant, what would go, and how far it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.drafts.reading import erasures_asked
from equipoise.service.contexts.erasing import reading, services
from equipoise.service.contexts.erasing.reading import Person, Unknown
from equipoise.service.contexts.erasing.services import Reason
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.refusing import refused
from equipoise.texts.saying import marked, say

_SHOWN = 50
_MAY = may(Action.ERASE_PERSONAL)
_GROUNDS: tuple[tuple[Reason, str], ...] = (
    (Reason.REQUEST, marked("the person asked for it")),
    (Reason.OBJECTION, marked("the person objected")),
    (Reason.CONSENT, marked("consent was withdrawn")),
    (Reason.RETENTION, marked("the time to keep it is over")),
    (Reason.UNLAWFUL, marked("it should never have been kept")),
)


@require_safe
@_MAY
def index(request: HttpRequest) -> HttpResponse:
    """Who is meant, and the erasures so far."""
    shown = {
        "erasures": reading.newest(_SHOWN),
        "fields": reading.searchable_fields(),
        "asked": erasures_asked(),
    }
    return render(request, "administrator/erasures.html", shown)


@require_POST
@never_cache
@_MAY
def preview(request: HttpRequest) -> HttpResponse:
    """What would go. What was typed stands in this answer alone, to be sent again."""
    try:
        plan = reading.preview(_person(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("erasures")
    shown = {"plan": plan, "given": _given(request), "grounds": _GROUNDS}
    return render(request, "administrator/erasure_preview.html", shown)


@require_POST
@_MAY
def begin(request: HttpRequest) -> HttpResponse:
    """Begin it."""
    try:
        if request.POST.get("sure") != "yes":
            messages.error(request, say("Nothing was erased: the box was not ticked."))
            return redirect("erasures")
        reason = _reason(request.POST.get("reason", ""))
        erasure = services.begin(_person(request), reason, caller(request).signature)
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("erasures")
    return redirect("erasure", erasure.id)


@require_safe
@_MAY
def read(request: HttpRequest, erasure_id: str) -> HttpResponse:
    """How far one is."""
    try:
        erasure = reading.progress_of(erasure_id)
    except Unknown:
        raise Http404 from None
    ground = dict(_GROUNDS)[Reason(erasure.reason)]
    shown = {"erasure": erasure, "ground": ground}
    return render(request, "administrator/erasure.html", shown)


def _given(request: HttpRequest) -> dict[str, str]:
    """What was typed, by the names of the form."""
    kept = {name: str(value).strip() for name, value in request.POST.items()}
    return {n: v for n, v in kept.items() if v and (n == "identifier" or n.startswith("fact."))}


def _person(request: HttpRequest) -> Person:
    given: dict[str, Any] = _given(request)
    identifier = given.pop("identifier", None)
    return reading.person_of(
        identifier, {name.removeprefix("fact."): v for name, v in given.items()}
    )


def _reason(given: str) -> Reason:
    return Reason(given) if given in {each.value for each in Reason} else Reason.REQUEST


urlpatterns = [
    path("", index, name="erasures"),
    path("preview", preview, name="erasure-preview"),
    path("begin", begin, name="erasure-begin"),
    path("<slug:erasure_id>/", read, name="erasure"),
]
