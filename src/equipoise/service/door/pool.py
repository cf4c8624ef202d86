"""Bounded pools of threads for what blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from equipoise.service.door.bounds import Bound

T = TypeVar("T")


class Pool:
    """Threads for what blocks: `threads` at work and `waiting` besides."""

    def __init__(self, name: str, threads: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._bound = Bound(threads + waiting, threads + waiting)

    async def run(self, work: Callable[..., T], *given: Any) -> T:
        """What the work comes to, in a thread. Raises Full where too much waits already."""
        with self._bound.held(1, ""):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, work, *given)

    def stop(self) -> None:
        """Take nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
