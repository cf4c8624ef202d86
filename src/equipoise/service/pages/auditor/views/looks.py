"""Who looked at what: by person, by application, by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.drafts.reading import with_drafts
from equipoise.service.pages.auditor.sentences import sentence_of
from equipoise.service.pages.frame.asked import day_in, named, text_in
from equipoise.service.pages.frame.exporting import exported
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.exports.services import Column, Export
from equipoise.service.platform.looks import reading
from equipoise.service.platform.looks.reading import Wanted
from equipoise.texts.refusing import refused

_SHOWN = 100
_MOST_PEOPLE = 500
_FILTERS = ("by", "about", "from", "to")
_COLUMNS = (
    Column("at", datetime), Column("by"), Column("kind"), Column("said"), Column("about"),
)  # fmt: skip


@require_safe
@never_cache
@may(Action.READ_RECORD)
def index(request: HttpRequest) -> HttpResponse:
    """The newest looks, of whom and at whom it is asked."""
    looks = reading.newest(_wanted(request.GET), _before(request.GET), _SHOWN + 1)
    part = looks[:_SHOWN]
    asked = {name: text_in(request.GET, name) for name in _FILTERS}
    kept = {name: value for name, value in asked.items() if value}
    shown = {
        "looks": [(each, sentence_of(each.event)) for each in part],
        "names": named({each.by for each in part}),
        "people": accounts.everybody(_MOST_PEOPLE),
        "asked": asked,
        "older": {**kept, "before": part[-1].number} if len(looks) > _SHOWN else None,
        "exports": caller(request).reach(Action.EXPORT) is not None,
    }
    return render(request, "auditor/looks.html", shown)


@require_POST
@may(Action.EXPORT)
@may(Action.READ_RECORD)
def export(request: HttpRequest) -> HttpResponse:
    """The looks of the filters as a file."""
    asked = {name: text_in(request.POST, name) for name in _FILTERS}
    rows = (
        (each.at, each.by, each.event.kind, sentence_of(each.event), each.subject)
        for each in reading.every(_wanted(request.POST))
    )
    try:
        return exported(request, Export("looks", _COLUMNS, asked), rows)
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("audit-looks")


def _wanted(given: Mapping[str, str]) -> Wanted:
    about, first, last = text_in(given, "about"), day_in(given, "from"), day_in(given, "to")
    return Wanted(
        by=text_in(given, "by"),
        subjects=tuple(with_drafts([about])) if about else (),
        since=_midnight(first) if first else None,
        until=_midnight(last) + timedelta(days=1) if last else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _before(given: Mapping[str, str]) -> int | None:
    text = given.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


urlpatterns = [
    path("", index, name="audit-looks"),
    path("export", export, name="audit-looks-export"),
]
