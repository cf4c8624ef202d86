"""A limit on how often: one token bucket for each program, in this process's memory.

With several processes each has its own buckets, so a program may make up to that many times its
rate.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST = 10_000  # buckets kept; the one longest unused goes first, and would be full by then


class Buckets:
    """Token buckets by name."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, rate: float, burst: int, amount: int = 1) -> float:
        """Take tokens: 0 where there was one, else the seconds until there is.

        Whoever takes more than there are owes the rest, and waits until it has come in.
        """
        now = self._clock()
        with self._lock:
            tokens, since = self._kept.pop(name, (float(burst), now))
            tokens = min(float(burst), tokens + (now - since) * rate)
            wait = 0.0 if tokens >= 1 else (1 - tokens) / rate
            self._kept[name] = (tokens - amount if wait == 0 else tokens, now)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return wait
