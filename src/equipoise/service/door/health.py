"""Liveness and readiness, which nothing else can hold up: nobody waits for a thread or a database
to be told them."""

from __future__ import annotations

import asyncio

from django.conf import settings
from django.http import HttpRequest

from equipoise.service.door.probes import listen
from equipoise.service.door.replies import Reply, reply_of
from equipoise.service.platform.operations.catalogue import WRONG_METHOD
from equipoise.service.platform.operations.health import Watch, alive, readiness_out
from equipoise.service.platform.operations.problems import kind_of_status, problem


class Health:
    """What probes are told, on the main listener and on one of their own."""

    def __init__(self) -> None:
        self._watch = Watch()
        self._listener: asyncio.Server | None = None

    async def begin(self) -> None:
        """Begin to look, and to listen where the configuration says so."""
        self._watch.start()
        at = settings.CONFIGURATION.probes
        if at is not None:
            self._listener = await listen(at[0], at[1], self.probe)

    def stop(self) -> None:
        """Look and listen no more."""
        self._watch.stop()
        if self._listener is not None:
            self._listener.close()

    def probe(self, method: str, path: str) -> Reply:
        """What a probe is answered."""
        request = HttpRequest()
        request.method, request.path = method, path
        if path not in ("/healthz", "/readyz"):
            return reply_of(problem(request, kind_of_status(404)))
        if method not in ("GET", "HEAD"):
            return reply_of(problem(request, WRONG_METHOD))
        return reply_of(
            alive(request) if path == "/healthz" else readiness_out(request, self._watch.latest())
        )
