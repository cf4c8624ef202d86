"""Keeps carrying: what happened into deliveries, deliveries to their addresses.

One slow address holds up nobody else: each is sent to by threads of its own, and the database
belongs to the loop's thread alone.
"""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from django.conf import settings

from equipoise.service.platform.webhooks.delivering import Batch, due, hold, record, take
from equipoise.service.platform.webhooks.outbox import gather

ADDRESSES = 8  # sent to at once


class Postman:
    """Call `round` again and again, and at the end `finish`, after `hurry` where time is short."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(ADDRESSES, thread_name_prefix="webhooks")
        self._flying: dict[Future[Batch], Batch] = {}
        self._held = time.monotonic()

    def round(self, seconds: float) -> int:
        """Begin what is due, wait up to `seconds` for something to come back, and record it; how
        many messages were tried."""
        self._hold()
        gather()
        for webhook in due()[: ADDRESSES - len(self._flying)]:
            batch = take(webhook)
            if batch is not None:
                self._flying[self._pool.submit(batch.send)] = batch
        if not self._flying:
            time.sleep(seconds)
            return 0
        return self._landed(seconds)

    def hurry(self) -> None:
        """Begin no further message; what is left of each batch stays for another time."""
        for batch in self._flying.values():
            batch.over.set()

    def finish(self) -> int:
        """Wait for what is on its way and record it; how many messages were tried."""
        count = 0
        while self._flying:
            self._hold()
            count += self._landed(1.0)
        self._pool.shutdown()
        return count

    def _landed(self, seconds: float) -> int:
        count = 0
        for future in wait(self._flying, seconds, FIRST_COMPLETED).done:
            batch = self._flying.pop(future)
            record(future.result())
            count += len(batch.results)
        return count

    def _hold(self) -> None:
        if time.monotonic() - self._held > settings.CONFIGURATION.job_lease / 4:
            hold(batch.webhook for batch in self._flying.values())
            self._held = time.monotonic()


def deliver_due() -> int:
    """One round, waited for; how many messages were tried."""
    postman = Postman()
    return postman.round(0) + postman.finish()
