"""Django's side of a server: pages and all of the API but the short way of decisions.

It is half of what a server consists of and no decision needs it, so that it is built once decisions
are answered. Whoever asks for one of its addresses before waits until it is there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Pages:
    """Django's WSGI application, built once."""

    def __init__(self) -> None:
        self._building = threading.Lock()
        self._application: Application | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        return self.build()(environ, start_response)

    def build(self) -> Application:
        """The application; the first who asks builds it."""
        with self._building:
            if self._application is None:
                self._application = _built()
            return self._application

    def warm(self) -> None:
        """Build it, and do ahead what the first person would wait for."""
        self.build()
        from equipoise.service.pages.warming import warm

        warm()


def _built() -> Application:
    from django.urls import get_resolver

    from equipoise.service.project.wsgi import application

    assert get_resolver().url_patterns  # noqa: S101 - asking for them imports the API
    built: Application = application
    return built
