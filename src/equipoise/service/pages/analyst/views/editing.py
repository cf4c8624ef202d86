"""Writing the next version of a strategy: the YAML that is sealed, tried as it is typed, with a
form for its rules that writes into the same text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.document_sections import rewritten, sections_of
from equipoise.errors import EquipoiseError, Faults
from equipoise.service.contexts.registry import reading, services
from equipoise.service.contexts.registry.reading import Unregistered, VersionSummary
from equipoise.service.contexts.registry.services import Fault, Newer, Tried
from equipoise.service.pages.frame.asked import named
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.strategy.rewriting import read_text
from equipoise.texts.refusing import refusal, refused
from equipoise.texts.saying import say

_MAY = may(Action.WRITE_STRATEGY)
_MOST_RULES = 100
_SETTINGS = ("name", "when", "outcome", "reason")


@require_safe
@never_cache
@_MAY
def edit(request: HttpRequest, version_id: int) -> HttpResponse:
    """The version's text, and its rules in a form."""
    version = _version(version_id)
    try:
        text = services.text_of(version.id)
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("strategy", version.id)
    return _page(request, version, text)


@require_POST
@never_cache
@_MAY
def check(request: HttpRequest, version_id: int) -> HttpResponse:
    """What would come of what is typed by now: what is wrong at which line, or that it compiles."""
    version = _version(version_id)
    tried = _tried(version.id, _typed(request))
    return render(request, "analyst/_tried.html", {"tried": _told(tried)})


@require_POST
@never_cache
@_MAY
def save(request: HttpRequest, version_id: int) -> HttpResponse:
    """Save it as a draft of its own; or write the form's rules into the text, and save nothing."""
    version, text = _version(version_id), _typed(request)
    if request.POST.get("go") == "rules":
        return _with_rules(request, version, text)
    if request.POST.get("go") == "check":
        return _page(request, version, text, tried=_tried(version.id, text))
    newest = request.POST.get("newest", "")
    number = int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 9 else 0
    try:
        made = services.save_text(version.id, text, caller(request), number)
    except Newer as newer:
        who = named([newer.by])[newer.by]
        overtaken = say(
            "{who} saved version {number} meanwhile. Nothing of yours was saved, and it stands "
            "below: save it once more, if it is to come after theirs.",
            who=who,
            number=newer.number,
        )
        return _page(request, version, text, refused=overtaken, status=409)
    except Faults as faults:
        wrong = tuple(_fault(each) for each in faults.faults)
        return _page(request, version, text, tried=Tried(faults=wrong), status=422)
    except EquipoiseError as error:
        return _page(request, version, text, refused=refused(error), status=422)
    messages.success(request, say("Saved as version {number}, a draft.", number=made.number))
    return redirect("strategy", made.pk)


def _page(
    request: HttpRequest,
    version: VersionSummary,
    text: str,
    *,
    tried: Tried | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "version": version,
        "text": text,
        "rules": _rules(text),
        "newest": services.newest_number(version.strategy),
        "tried": None if tried is None else _told(tried),
        "refused": refused,
    }
    return render(request, "analyst/edit.html", context, status=status)


def _with_rules(request: HttpRequest, version: VersionSummary, text: str) -> HttpResponse:
    """The text with the form's rules in place of its own; comments stay."""
    try:
        read_text(text)
        written = rewritten(text, {"rules": list(_typed_rules(request.POST))}, ("rules",))
    except Faults as faults:
        wrong = tuple(_fault(each) for each in faults.faults)
        return _page(request, version, text, tried=Tried(faults=wrong), status=422)
    except EquipoiseError as error:
        return _page(request, version, text, refused=refused(error), status=422)
    return _page(request, version, written, tried=_tried(version.id, written))


def _typed_rules(given: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for number in range(_MOST_RULES):
        rule = {name: str(given.get(f"{name}-{number}", "")).strip() for name in _SETTINGS}
        if rule["name"] and given.get(f"gone-{number}") != "yes":
            yield rule


def _rules(text: str) -> list[dict[str, str]] | None:
    """The text's rules; None where it cannot be read as they stand."""
    try:
        read_text(text)
    except EquipoiseError:
        return None
    rules = sections_of(text).get("rules") or []
    return [{name: str(each.get(name, "")) for name in _SETTINGS} for each in rules]


def _tried(version_id: int, text: str) -> Tried:
    try:
        return services.try_text(version_id, text)
    except EquipoiseError as error:
        return Tried(faults=(_fault(error),))


def _told(tried: Tried) -> dict[str, Any]:
    faults = [(each.line, refusal(each.message), refusal(each.mend)) for each in tried.faults]
    return {"faults": faults, "sound": not faults}


def _fault(error: EquipoiseError) -> Fault:
    line = error.where.line if error.where is not None else None
    return Fault(line or 0, error.message, error.mend or "")


def _typed(request: HttpRequest) -> str:
    """What stands in the box, with the ends of lines that files have."""
    return request.POST.get("text", "").replace("\r\n", "\n")


def _version(version_id: int) -> VersionSummary:
    try:
        return reading.summary(version_id)
    except Unregistered:
        raise Http404 from None


urlpatterns = [
    path("<int:version_id>/edit", edit, name="strategy-edit"),
    path("<int:version_id>/edit/check", check, name="strategy-edit-check"),
    path("<int:version_id>/edit/save", save, name="strategy-edit-save"),
]
