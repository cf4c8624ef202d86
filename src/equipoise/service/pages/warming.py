"""What the first person's page would wait for, done before anybody asks for one.

Every page's code and templates are loaded, and the first page is made in each language, which reads
the catalogues and what the strategies in force say of their products. No request is told of in log
or figures, and none is counted: nobody asked.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver
from django.utils.module_loading import import_string

from equipoise.texts.saying import our_languages

_HERE = Path(__file__).parent
_BY_NAME = ("MESSAGE_STORAGE", "SESSION_SERIALIZER", "ACCOUNT_ADAPTER")


def warm() -> None:
    """Load all that pages need, and make the first one; leaves this thread no connection open."""
    try:
        _load()
        _show_first()
    finally:
        connections.close_all()


def _load() -> None:
    for setting in _BY_NAME:  # what Django imports by its name once somebody asks
        import_string(getattr(settings, setting))
    for each in get_resolver().url_patterns:
        if isinstance(each, URLResolver):
            assert each.url_patterns is not None  # noqa: S101 - asking for them imports the views
    for folder in sorted(_HERE.glob("*/templates")):
        for template in sorted(folder.rglob("*.html")):
            get_template(template.relative_to(folder).as_posix())


def _show_first() -> None:
    from equipoise.service.pages.applicant.views.beginning import index

    for language in our_languages():
        request = HttpRequest()
        request.method, request.META["HTTP_ACCEPT_LANGUAGE"] = "GET", language
        index(request)
