"""Writing the next version of a strategy: the YAML that is sealed, tried as it is typed, with forms
for its lists that write into the same text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError, Faults
from equipoise.service.contexts.registry import services
from equipoise.service.contexts.registry.reading import VersionSummary
from equipoise.service.contexts.registry.services import Fault, Newer, Tried
from equipoise.service.pages.analyst import section_forms as forms
from equipoise.service.pages.analyst.registered import version_at
from equipoise.service.pages.analyst.section_forms import Part, PartForm
from equipoise.service.pages.frame.asked import named
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.strategy.rewriting import read_text
from equipoise.texts.refusing import refusal, refused
from equipoise.texts.saying import say

_MAY = may(Action.WRITE_STRATEGY)
_FIRST = "rules"


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was sent: the text with the form's rows in it; the form itself where they are not."""

    text: str
    form: PartForm | None = None
    refused: str = ""


@require_safe
@never_cache
@_MAY
def edit(request: HttpRequest, version_id: int) -> HttpResponse:
    """The version's text, and one of its lists in a form."""
    version = version_at(version_id)
    try:
        text = services.text_of(version.id)
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("strategy", version.id)
    return _page(request, version, _Typed(text), part=request.GET.get("part", _FIRST))


@require_POST
@never_cache
@_MAY
def check(request: HttpRequest, version_id: int) -> HttpResponse:
    """What would come of what is typed by now: what is wrong at which line, or that it compiles."""
    version, typed = version_at(version_id), _typed(request)
    context = {
        "tried": None
        if typed.refused
        else _faults_shown(_tried(version.id, typed.text), typed.text)
    }
    return render(request, "analyst/_tried.html", {**context, "refused_rows": typed.refused})


@require_POST
@never_cache
@_MAY
def save(request: HttpRequest, version_id: int) -> HttpResponse:
    """Save it as a draft of its own; or write the form's rows into the text, and save nothing."""
    version, typed, go = version_at(version_id), _typed(request), request.POST.get("go", "save")
    part = request.POST.get("part", _FIRST)
    if typed.refused:
        return _page(request, version, typed, part=part, status=409)
    if go != "save":
        tried = None if go.startswith("part:") else _tried(version.id, typed.text)
        return _page(
            request,
            version,
            typed,
            part=go.removeprefix("part:") if tried is None else part,
            tried=tried,
        )
    newest = request.POST.get("newest", "")
    number = int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 9 else 0
    try:
        made = services.save_text(version.id, typed.text, caller(request), number)
    except Newer as newer:
        who = named([newer.by])[newer.by]
        overtaken = say(
            "{who} saved version {number} meanwhile. Nothing of yours was saved, and it stands "
            "below: save it once more, if it is to come after theirs.",
            who=who,
            number=newer.number,
        )
        return _page(request, version, _Typed(typed.text, None, overtaken), part=part, status=409)
    except Faults as faults:
        wrong = tuple(_fault(each) for each in faults.faults)
        return _page(request, version, typed, part=part, tried=Tried(faults=wrong), status=422)
    except EquipoiseError as error:
        why = _Typed(typed.text, None, refused(error))
        return _page(request, version, why, part=part, status=422)
    messages.success(request, say("Saved as version {number}, a draft.", number=made.number))
    return redirect("strategy", made.pk)


def _page(
    request: HttpRequest,
    version: VersionSummary,
    typed: _Typed,
    *,
    part: str,
    tried: Tried | None = None,
    status: int = 200,
) -> HttpResponse:
    parts = _parts(typed.text)
    shown = parts.get(part) or parts.get(_FIRST)
    form = typed.form or (forms.form_of(typed.text, shown) if shown is not None else None)
    context = {
        "version": version,
        "text": typed.text,
        "parts": [*parts.values()],
        "form": form,
        "newest": services.newest_number(version.strategy),
        "tried": None if tried is None else _faults_shown(tried, typed.text),
        "refused": typed.refused,
    }
    return render(request, "analyst/edit.html", context, status=status)


def _parts(text: str) -> dict[str, Part]:
    """The text's lists; none where it cannot be read as it stands."""
    try:
        read_text(text)
    except EquipoiseError:
        return {}
    return forms.parts_of(text)


def _typed(request: HttpRequest) -> _Typed:
    """The text that was sent, with the rows of the form that was sent along. Where they do not go
    together both stay, and it is said."""
    text, name = request.POST.get("text", "").replace("\r\n", "\n"), request.POST.get("part", "")
    part = _parts(text).get(name)
    if part is None:
        return _Typed(text)
    form = forms.typed(part, request.POST)
    way, _, place = request.POST.get("go", "").partition(":")
    if way in ("up", "down") and place.isascii() and place.isdigit() and len(place) < 5:
        form = forms.moved(form, int(place), -1 if way == "up" else 1)
    try:
        return _Typed(forms.written_into(text, form))
    except EquipoiseError as error:
        return _Typed(text, forms.again(form, text), refused(error))


def _tried(version_id: int, text: str) -> Tried:
    try:
        return services.try_text(version_id, text)
    except EquipoiseError as error:
        return Tried(faults=(_fault(error),))


def _faults_shown(tried: Tried, text: str) -> dict[str, Any]:
    """What is wrong, each with its line and what stands there."""
    lines = ["", *text.splitlines()]
    faults = [
        (
            each.line,
            lines[each.line].strip()[:200] if 0 <= each.line < len(lines) else "",
            refusal(each.message),
            refusal(each.mend),
        )
        for each in tried.faults
    ]
    return {"faults": faults, "sound": not faults}


def _fault(error: EquipoiseError) -> Fault:
    line = error.where.line if error.where is not None else None
    return Fault(line or 0, error.message, error.mend or "")


urlpatterns = [
    path("<int:version_id>/edit", edit, name="strategy-edit"),
    path("<int:version_id>/edit/check", check, name="strategy-edit-check"),
    path("<int:version_id>/edit/save", save, name="strategy-edit-save"),
]
