"""The first page: what can be applied for, and beginning."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import Product, products
from equipoise.service.pages.applicant.guard import hand_over
from equipoise.service.pages.applicant.products import asks_first, cards
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.frame.language import remember, wished
from equipoise.service.platform.messages.services import transport
from equipoise.texts.saying import our_languages, speaking

BROUGHT = "fact-of-"
_MOST_BROUGHT = 10


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What can be applied for."""
    language = wished(request)
    with speaking(language):
        if transport() is None:
            return _closed(request)
        return show(request, "products", _shown(products()))


def _shown(offered: list[Product]) -> dict[str, Any]:
    named = [each for each in offered if each.portrait.section is not None]
    return {
        "products": cards(offered),
        "finder": len(named) > 1,
        "first_idea": any(map(asks_first, named)),
    }


@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Choose a language before there is a draft."""
    language = request.POST.get("language", "")
    if language not in our_languages():
        raise Http404
    return remember(redirect("apply"), language)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an application for a product."""
    language = wished(request)
    if transport() is None:
        with speaking(language):
            return _closed(request)
    named, hands = request.POST.get("product", "")[:80], services.Hands()
    try:
        draft, secret = services.begin(named, language, hands, *_brought(request))
    except LookupError:
        raise Http404 from None
    return hand_over(redirect("apply-tasks", draft), draft, secret)


def _brought(request: HttpRequest) -> tuple[dict[str, dict[str, str]], str]:
    """What was typed for a first idea: answers by field, and the need."""
    fields = [name for name in request.POST if name.startswith(BROUGHT)][:_MOST_BROUGHT]
    raw = {name.removeprefix(BROUGHT): {"": request.POST[name]} for name in fields}
    return raw, request.POST.get("need", "")[:20]


def _closed(request: HttpRequest) -> HttpResponse:
    """Nobody could be told anything, nor come back to what they began."""
    return show(request, "closed", {}, status=503)


urlpatterns = [
    path("", index, name="apply"),
    path("language", speak, name="apply-language"),
    path("begin", begin, name="apply-begin"),
]
