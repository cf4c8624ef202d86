"""The record's own health, and its verification at a button."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.pages.frame.asked import named
from equipoise.service.pages.frame.exporting import exported
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.exports.services import Column, Export
from equipoise.service.platform.record import verifications
from equipoise.service.platform.record.deriving import DIFFERS, MISSING, STRAY, UNREADABLE
from equipoise.service.platform.record.standing import checkpoints, standing
from equipoise.texts.refusing import refused
from equipoise.texts.saying import marked, say

_SHOWN = 10
_WAITS = marked("It waits for a worker.")
_STEPS = {
    "Verifying": marked("Entries are read and checked."),
    "Rows by the record": marked("Tables are held against the record."),
}
_WRONG: Mapping[str, str] = {
    DIFFERS: marked("differs in {columns}"),
    MISSING: marked("is missing"),
    STRAY: marked("is there without an entry"),
    UNREADABLE: marked("cannot be held against the record: what was sealed cannot be read"),
}
_COLUMNS = (
    Column("number", int), Column("at", datetime), Column("after", int), Column("upto", int),
    Column("entries", int), Column("chains", int), Column("entries_sha256"),
    Column("heads_sha256"), Column("former_sha256"), Column("key"), Column("signature"),
)  # fmt: skip


@require_safe
@never_cache
@may(Action.READ_RECORD)
def health(request: HttpRequest) -> HttpResponse:
    """Checkpoints, witness, keys, and what the last verifications came to."""
    try:
        stands = standing()
    except EquipoiseError as error:
        messages.error(request, refused(error))
        stands = None
    shown = {
        **_verified(),
        "record": stands,
        "exports": caller(request).reach(Action.EXPORT) is not None,
    }
    return render(request, "auditor/record.html", shown)


@require_safe
@never_cache
@may(Action.READ_RECORD)
def progress(request: HttpRequest) -> HttpResponse:
    """The verifications alone, for the page that waits for one."""
    return render(request, "auditor/_verified.html", _verified())


@require_POST
@may(Action.READ_RECORD)
def verify(request: HttpRequest) -> HttpResponse:
    """Have the whole record read and checked, by a worker."""
    if verifications.ask(caller(request).id):
        messages.success(request, say("The verification waits for a worker."))
    else:
        messages.info(request, say("A verification is under way already."))
    return redirect("audit-record")


@require_POST
@may(Action.EXPORT)
@may(Action.READ_RECORD)
def export(request: HttpRequest) -> HttpResponse:
    """All checkpoints as a file, to be kept elsewhere."""
    rows = (
        (
            each.number, each.at, each.after, each.upto, each.events, each.chains, each.entries,
            each.heads, each.prev, each.key, each.signature,
        )
        for each in checkpoints()
    )  # fmt: skip
    return exported(request, Export("checkpoints", _COLUMNS), rows)


def _row(row: Mapping[str, Any]) -> str:
    """A row that is not as the record tells it, by its table and key."""
    what = say(_WRONG.get(row["what"], row["what"]), columns=", ".join(row["columns"]))
    return f"{row['table']} {row['id']}: {what}"


def _verified() -> dict[str, Any]:
    newest = verifications.newest(_SHOWN)
    under_way = next((each for each in newest if each.under_way), None)
    return {
        "verified": [
            (each, [*map(_row, each.report.wrong_rows)] if each.report else []) for each in newest
        ],
        "under_way": under_way,
        "step": say(_STEPS.get(under_way.step, _WAITS)) if under_way else "",
        "names": named({each.by for each in newest}),
    }


urlpatterns = [
    path("", health, name="audit-record"),
    path("progress", progress, name="audit-record-progress"),
    path("verify", verify, name="audit-verify"),
    path("export", export, name="audit-record-export"),
]
