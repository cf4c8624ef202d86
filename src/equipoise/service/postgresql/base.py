"""The database backend: Django's own, over connections that know how long a request may wait.

PostgreSQL's own limits (lock_timeout and others) are kept by its server. A server that is frozen,
or gone with a cut cable, keeps none; then only the waiting side can give up.
"""

from __future__ import annotations

import types
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from equipoise.service.operations.deadlines import seconds_left


class PatientConnection(psycopg.Connection[Any]):
    """Gives up, and closes itself, once the request's time is over."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        left = seconds_left()
        if left is None or timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, max(left, 0.01))
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()  # what comes of the statement is not known any more
            raise psycopg.OperationalError("the database does not answer in time") from None


def _driver() -> types.ModuleType:
    """psycopg as Django uses it, but for the connections it makes."""
    driver = types.ModuleType("psycopg")
    driver.__dict__.update(vars(psycopg))
    driver.connect = PatientConnection.connect  # type: ignore[attr-defined]
    return driver


class DatabaseWrapper(base.DatabaseWrapper):
    """See the module."""

    Database = _driver()
