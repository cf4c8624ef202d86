"""Work for one thread that takes all that waits: what one costs the database, all do."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from equipoise.service.door.bounds import Full

T = TypeVar("T")
R = TypeVar("R")
Waiting = tuple[T, "asyncio.Future[R]"]


class Together(Generic[T, R]):
    """One thread that is handed all that waits, up to `at_once`, by a loop that goes on meanwhile.

    `work` has one result for each it is given, and raises nothing.
    """

    def __init__(
        self, name: str, work: Callable[[Sequence[T]], Sequence[R]], *, at_once: int, most: int
    ) -> None:
        self._work, self._at_once, self._most = work, at_once, most
        self._queue: SimpleQueue[Waiting[T, R] | None] = SimpleQueue()
        self._waiting = 0
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread once what waits is done."""
        self._queue.put(None)

    async def result(self, item: T) -> R:
        """What came of it. Raises Full where too much waits already."""
        if self._waiting >= self._most:
            raise Full
        future: asyncio.Future[R] = self._loop.create_future()
        self._waiting += 1
        try:
            self._queue.put((item, future))
            return await future
        finally:
            self._waiting -= 1

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            taken = [first, *self._more()]
            results = self._work([item for item, _ in taken])
            futures = [future for _, future in taken]
            try:
                self._loop.call_soon_threadsafe(_settle, futures, results)
            except RuntimeError:  # the loop has ended, and with it whoever waited
                return

    def _more(self) -> list[Waiting[T, R]]:
        more: list[Waiting[T, R]] = []
        while len(more) < self._at_once - 1:
            try:
                item = self._queue.get_nowait()
            except Empty:
                break
            if item is None:
                self._queue.put(None)
                break
            more.append(item)
        return more


def _settle(futures: Sequence[asyncio.Future[R]], results: Sequence[R]) -> None:
    for future, result in zip(futures, results, strict=True):
        if not future.done():
            future.set_result(result)
