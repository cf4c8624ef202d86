"""Waiting for what the service does in the background."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

_ENDED = ("done", "failed", "cancelled")


class _UnderWay(Protocol):
    @property
    def state(self) -> str: ...


T = TypeVar("T", bound=_UnderWay)


def once_ended(ask: Callable[[], T], pause: float) -> T:
    """Ask, every so many seconds, until it has ended."""
    while (there := ask()).state not in _ENDED:
        time.sleep(pause)
    return there
