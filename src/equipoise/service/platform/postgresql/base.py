"""The database backend: Django's own, over connections that know how long a request may wait.

PostgreSQL's own limits (lock_timeout and others) are kept by its server. A server that is frozen,
or gone with a cut cable, keeps none; then only the waiting side can give up.
"""

from __future__ import annotations

import time
import types
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from equipoise.service.platform.operations.deadlines import seconds_left

_FRESH = 1.0  # seconds for which a connection that answered is believed in


class PatientConnection(psycopg.Connection[Any]):
    """Gives up, and closes itself, once the request's time is over.

    `answered` is when the server answered last, by the monotonic clock.
    """

    answered = 0.0

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        left = seconds_left()
        try:
            if left is None or timeout is not None:
                result = super().wait(gen, interval, timeout)
            else:
                result = super().wait(gen, interval, max(left, 0.01))
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()  # what comes of the statement is not known any more
            raise psycopg.OperationalError("the database does not answer in time") from None
        self.answered = time.monotonic()
        return result


def _driver() -> types.ModuleType:
    """psycopg as Django uses it, but for the connections it makes."""
    driver = types.ModuleType("psycopg")
    driver.__dict__.update(vars(psycopg))
    driver.connect = PatientConnection.connect  # type: ignore[attr-defined]
    return driver


class DatabaseWrapper(base.DatabaseWrapper):
    """See the module."""

    Database = _driver()

    def is_usable(self) -> bool:
        """Whether the connection still leads somewhere; asked at the start of each request, and
        not of the server where it has only just answered."""
        connection: Any = self.connection
        if not connection.closed and time.monotonic() - connection.answered < _FRESH:
            return True
        return super().is_usable()
