"""What a browser sees that cannot open the draft it names, whether there is such a draft or not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.frame.language import TAGS, wished
from equipoise.texts.saying import our_languages, speaking


def absent(request: HttpRequest, draft: str) -> HttpResponse:
    """In every language, as no draft says which is spoken, and with the way in by a code."""
    first = wished(request)
    rest = [each for each in our_languages() if each != first]
    parts = [_part(each, draft, heads=each == first) for each in (first, *rest)]
    with speaking(first):
        return show(request, "absent", {"parts": parts}, status=404)


def _part(language: str, draft: str, *, heads: bool) -> str:
    shown = {"draft_id": draft, "heads": heads, "lang": TAGS.get(language, language)}
    with speaking(language):
        return render_to_string("applicant/_absent.html", shown)
