"""One process at a time prepares a database; others wait until it is done, or gone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from equipoise.service.commands.locking import PAUSE, holding
from equipoise.service.platform.operations.logs import log

_LOCK = 4_711_042  # PostgreSQL advisory lock
_log = log("starting")


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else is in here, on this database, from whichever machine. Ends with the process."""
    with _advisory() if connection.vendor == "postgresql" else _on_folder():
        yield


@contextmanager
def _on_folder() -> Iterator[None]:
    # A database of SQLite is one folder's, and so is the lock.
    with holding(settings.CONFIGURATION.folder, busy=_Waiting()):
        yield


@contextmanager
def _advisory() -> Iterator[None]:
    waiting = _Waiting()
    with connection.cursor() as cursor:
        while True:  # asked, not waited for: a wait would end with the database's patience
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            if cursor.fetchone()[0]:
                break
            waiting()
            time.sleep(PAUSE)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


class _Waiting:
    """Says once that somebody else is preparing."""

    def __init__(self) -> None:
        self._said = False

    def __call__(self) -> None:
        if not self._said:
            _log.warning("another process prepares this database; waiting until it is done")
            self._said = True
