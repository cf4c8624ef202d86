"""Before anybody applies: which product fits, and a first idea of the answer.

Nothing is kept: what is typed comes by POST and goes back in the page alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from equipoise.journey import NotRead
from equipoise.service.contexts.drafts.reading import Product
from equipoise.service.pages.applicant.finder import choices, findable, fits_of, sought
from equipoise.service.pages.applicant.ideas import (
    Asked,
    Idea,
    asked,
    caution,
    facts,
    ideas,
    unreadable,
    with_idea,
)
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.frame.language import in_ones_language, speaks_anew

_METHODS = require_http_methods(["GET", "HEAD", "POST"])
_MOST = 500  # characters of a box


@_METHODS
@never_cache
@in_ones_language
def find(request: HttpRequest) -> HttpResponse:
    """By what for, for whom, how much and by when."""
    offered = findable()
    typed = {name: _text(request, name) for name in ("whom", "need", "amount", "when")}
    shown = {"typed": typed, "choices": choices(offered)}
    if request.method != "POST" or speaks_anew(request):
        return show(request, "find", shown)
    try:
        wish = sought(typed, offered)
    except NotRead as fault:
        return show(request, "find", {**shown, "fault": fault.message}, status=422)
    return show(request, "find", {**shown, "products": fits_of(offered, wish)})


@_METHODS
@never_cache
@in_ones_language
def idea(request: HttpRequest) -> HttpResponse:
    """A first idea of every product's answer, from the facts that they ask first."""
    offered = with_idea(_text(request, "whom"))
    boxes = asked(offered)
    typed = {each.box: _text(request, each.box) for each in boxes}
    if "amount" in request.POST:  # from the finder, where it was typed once
        typed = _with_amount(request, boxes, offered)
        return _asked(request, boxes, typed, {})
    if request.method != "POST" or speaks_anew(request):
        return _asked(request, boxes, typed, {})
    faults = unreadable(boxes, typed)
    if faults:
        return _asked(request, boxes, typed, faults)
    return _asked(request, boxes, typed, {}, ideas(offered, boxes, typed))


def _asked(
    request: HttpRequest,
    boxes: Sequence[Asked],
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    rows: Sequence[Idea] = (),
) -> HttpResponse:
    shown = {
        "asked": boxes,
        "facts": facts(boxes, typed, faults),
        "faults": faults,
        "need": _text(request, "need"),
        "whom": _text(request, "whom"),
        "ideas": rows,
        "caution": caution(),
    }
    return show(request, "range", shown, status=422 if faults else 200)


def _with_amount(
    request: HttpRequest, boxes: Sequence[Asked], offered: Sequence[Product]
) -> dict[str, str]:
    amounts = {each.portrait.amount_field for each in offered}
    return {each.box: _text(request, "amount") for each in boxes if each.page.field.name in amounts}


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")[:_MOST]


urlpatterns = [
    path("find", find, name="apply-find"),
    path("range", idea, name="apply-range"),
]
