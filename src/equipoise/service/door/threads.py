"""Threads that ask the database for many requests: each has a connection of its own."""

from __future__ import annotations

import threading
import time

from django.db import close_old_connections

_RESTED = 1.0  # seconds
_here = threading.local()


def look_at_connection() -> None:
    """Before work: a connection that has rested is tried before it is used, as one that was cut
    off meanwhile would fail whoever comes next."""
    now = time.monotonic()
    if now - getattr(_here, "used", 0.0) > _RESTED:
        close_old_connections()
    _here.used = now
