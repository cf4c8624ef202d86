"""A page as a response, with what every page of an applicant's needs, and packed for a browser that
takes that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from equipoise.service.contexts.notices.reading import lender_name
from equipoise.service.pages.applicant.look import classes
from equipoise.service.pages.frame.language import NAMES, TAGS
from equipoise.texts.saying import our_languages, spoken

# It pads by chance, so that nobody tells by the size what a page holds (BREACH); the token of a
# form is another each time.
_PACKING = GZipMiddleware(lambda _request: HttpResponse())


def show(
    request: HttpRequest, page: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """The template `applicant/<page>.html`, in the language spoken now."""
    languages = [(each, NAMES.get(each, each), TAGS.get(each, each)) for each in our_languages()]
    shown = {
        "languages": languages,
        "spoken": spoken(),
        "look": classes(request),
        "lender": lender_name(spoken()),
        **context,
    }
    made = render(request, f"applicant/{page}.html", shown, status=status)
    _PACKING.process_response(request, made)
    return made
