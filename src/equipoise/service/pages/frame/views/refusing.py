"""What somebody sees whose role a page is not for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.defaults import permission_denied

from equipoise.service.pages.frame.language import wished
from equipoise.texts.saying import speaking


def not_for_you(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of 403, in the person's language."""
    with speaking(wished(request)):
        return permission_denied(request, exception)
