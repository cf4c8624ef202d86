"""Speaking to an applicant in another language from now on."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from equipoise.service.contexts.drafts import services
from equipoise.service.pages.frame.language import remember
from equipoise.texts.saying import speaking


def in_another_language(
    draft: str, language: str, page: Callable[[], HttpResponse]
) -> HttpResponse:
    """The page of a draft's whose applicant is spoken to in that language from now on."""
    services.speak(draft, language)
    with speaking(language):
        return remember(page(), language)
