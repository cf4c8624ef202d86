"""An application's whole history: every entry of its chain, and of its draft's, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.record.chain import Entry
from equipoise.record.events import NotAnEvent, Signed, read_event
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.drafts.reading import with_drafts
from equipoise.service.pages.auditor.sentences import sentence_of
from equipoise.service.pages.frame.asked import named
from equipoise.service.pages.frame.exporting import exported
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.exports.services import Column, Export
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.subjects import readable

_SHOWN = 200
_CHAIN = re.compile(r"(application|draft)-[0-9a-f]{32}")
_COLUMNS = (
    Column("at", datetime), Column("chain"), Column("place", int), Column("kind"), Column("by"),
    Column("said"), Column("sha256"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry as it is told: when, in which chain at which place, what it says, and by whom."""

    at: datetime
    chain: str
    place: int
    kind: str
    by: str
    said: str
    digest: str
    decision: str


@require_safe
@never_cache
@may(Action.READ_RECORD)
def history(request: HttpRequest, chain: str) -> HttpResponse:
    """All that happened, the first first; so many on a page."""
    chains, happened = _history(chain)
    start = _start(request, len(happened))
    part = happened[start : start + _SHOWN]
    shown = {
        "chain": chain,
        "chains": chains,
        "erased": sorted({*chains} - {*readable(chains)}),
        "happened": part,
        "names": named({each.by for each in part if each.by}),
        "count": len(happened),
        "earlier": max(0, start - _SHOWN) if start else None,
        "later": start + _SHOWN if start + _SHOWN < len(happened) else None,
        "exports": caller(request).reach(Action.EXPORT) is not None,
    }
    return render(request, "auditor/history.html", shown)


@require_POST
@may(Action.EXPORT)
@may(Action.READ_RECORD)
def export(request: HttpRequest, chain: str) -> HttpResponse:
    """The same as a file, for whoever checks it elsewhere."""
    _, happened = _history(chain)
    rows = (
        (each.at, each.chain, each.place, each.kind, each.by, each.said, each.digest)
        for each in happened
    )
    return exported(request, Export("history", _COLUMNS, {"chain": chain}), rows)


def _history(chain: str) -> tuple[list[str], list[Happened]]:
    if not _CHAIN.fullmatch(chain):
        raise Http404
    chains = with_drafts([chain])
    entries = [entry for each in chains for entry in record.entries(each)]
    if not entries:
        raise Http404
    return chains, list(_happenings(sorted(entries, key=lambda each: (each.at, each.index))))


def _happenings(entries: Sequence[Entry]) -> Iterator[Happened]:
    for entry in entries:
        at = datetime.fromtimestamp(entry.at / 1e6, UTC)
        by, said, decision = "", entry.kind, ""
        try:
            event = read_event(entry.kind, entry.body)
        except NotAnEvent:  # of another version: that it is there is told all the same
            pass
        else:
            by = event.by if isinstance(event, Signed) else ""
            said = sentence_of(event)
            decision = event.decision if isinstance(event, DecisionMade) else ""
        yield Happened(
            at, entry.chain, entry.index, entry.kind, by, said, entry.hash.hex(), decision
        )


def _start(request: HttpRequest, count: int) -> int:
    given = request.GET.get("from", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    return number if number < count else 0


urlpatterns = [
    path("<slug:chain>/", history, name="audit-history"),
    path("<slug:chain>/export", export, name="audit-history-export"),
]
