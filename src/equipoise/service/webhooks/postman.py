"""Keeps carrying: what happened into deliveries, deliveries to their addresses.

One slow address holds up nobody else: each is sent to by a thread of its own, and the database
belongs to the loop's thread alone.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from equipoise.service.webhooks.delivering import Batch, due, record, take
from equipoise.service.webhooks.outbox import gather

ADDRESSES = 8  # sent to at once


class Postman:
    """Call `round` again and again, and `finish` at the end."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(ADDRESSES, thread_name_prefix="webhooks")
        self._flying: set[Future[Batch]] = set()

    def round(self, seconds: float = 1.0) -> int:
        """Begin what is due, wait up to `seconds` for something to come back, and record it; how
        many messages were tried."""
        gather()
        for webhook in due()[: ADDRESSES - len(self._flying)]:
            batch = take(webhook)
            if batch is not None:
                self._flying.add(self._pool.submit(batch.send))
        done, self._flying = wait(self._flying, seconds, FIRST_COMPLETED)
        return sum(self._landed(future) for future in done)

    def finish(self) -> int:
        """Wait for what is on its way and record it; how many messages were tried."""
        done, self._flying = wait(self._flying)
        self._pool.shutdown()
        return sum(self._landed(future) for future in done)

    @staticmethod
    def _landed(future: Future[Batch]) -> int:
        batch = future.result()
        record(batch)
        return len(batch.results)


def deliver_due() -> int:
    """One round, waited for; how many messages were tried."""
    postman = Postman()
    return postman.round(0) + postman.finish()
