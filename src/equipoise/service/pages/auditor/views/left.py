"""What left: files that were taken, and people who were erased."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.erasing import reading as erasing
from equipoise.service.pages.frame.asked import named
from equipoise.service.pages.frame.exporting import exported
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.words import said_word
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.exports import reading as exports
from equipoise.service.platform.exports.services import Column, Export

_SHOWN, _ALL = 100, 100_000
_OF_ERASURES = (
    Column("erasure"), Column("by"), Column("ground"), Column("state"), Column("decisions", int),
    Column("files", int), Column("asked_at", datetime), Column("done_at", datetime),
)  # fmt: skip
_OF_FILES = (
    Column("at", datetime), Column("by"), Column("what"), Column("format"), Column("rows", int),
    Column("sha256"),
)  # fmt: skip


@require_safe
@never_cache
@may(Action.READ_RECORD)
def index(request: HttpRequest) -> HttpResponse:
    """The newest files and erasures."""
    taken = exports.taken(accounts.callers())[:_SHOWN]
    gone = erasing.newest(_SHOWN)
    shown = {
        "taken": taken,
        "erasures": [(each, said_word(each.reason)) for each in gone],
        "names": named({*(each.by for each in taken), *(each.by for each in gone)}),
        "exports": caller(request).reach(Action.EXPORT) is not None,
    }
    return render(request, "auditor/left.html", shown)


@require_POST
@may(Action.EXPORT)
@may(Action.READ_RECORD)
def files(request: HttpRequest) -> HttpResponse:
    """Which files were taken, as a file."""
    rows = (
        (each.at, each.by, each.what, each.format, each.rows, each.sha256)
        for each in exports.taken(accounts.callers())
    )
    return exported(request, Export("exports", _OF_FILES), rows)


@require_POST
@may(Action.EXPORT)
@may(Action.READ_RECORD)
def erasures(request: HttpRequest) -> HttpResponse:
    """The erasures as a file: counts and our own words, nobody's facts."""
    rows = (
        (
            each.id, each.by, each.reason, each.state, each.decisions, each.files, each.made_at,
            each.done_at,
        )
        for each in erasing.newest(_ALL)
    )  # fmt: skip
    return exported(request, Export("erasures", _OF_ERASURES), rows)


urlpatterns = [
    path("", index, name="audit-left"),
    path("files", files, name="audit-files-export"),
    path("erasures", erasures, name="audit-erasures-export"),
]
