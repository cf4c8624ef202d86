"""A page as a response, with what every page of an applicant's needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from equipoise.service.contexts.notices.reading import lender_name
from equipoise.service.pages.applicant.language import NAMES, TAGS
from equipoise.service.pages.applicant.look import classes
from equipoise.texts.saying import our_languages, spoken


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
    return render(request, f"applicant/{page}.html", shown, status=status)
