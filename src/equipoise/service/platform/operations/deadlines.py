"""How long the request at hand may still wait for the database; outside requests, for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_here = threading.local()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What this thread does in the block waits no longer than that in all."""
    _here.seconds = seconds
    anew()
    try:
        yield
    finally:
        _here.end = _here.seconds = None


def anew() -> None:
    """The request at hand may wait as long again: what it did until now was no waiting."""
    if getattr(_here, "seconds", None) is not None:
        _here.end = time.monotonic() + _here.seconds


def seconds_left() -> float | None:
    """Seconds that may still be waited; None: without end."""
    end = getattr(_here, "end", None)
    return None if end is None else end - time.monotonic()
