"""The worker: takes jobs on, runs each in a thread of its own, and holds their leases."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from equipoise.errors import BadInput
from equipoise.service.platform.jobs import clock, queue, registering, schedule
from equipoise.service.platform.jobs.queue import Claimed
from equipoise.service.platform.jobs.registering import LONG, SHORT, STEADY, Again
from equipoise.service.platform.operations.logs import facts, log

SLOTS: Mapping[str, int] = {SHORT: 4, LONG: 1, STEADY: 2}  # jobs at once, by queue
TICK = 0.5  # seconds between two looks at the queue
GRACE = 20.0  # seconds for jobs in progress when it is told to stop
_TRIES, _BETWEEN = 5, 1.0  # to say what became of a job, while the database is away
_AWAY = (DatabaseError, InterfaceError)
_log = log("jobs")


class Worker:
    """One for each process. `run` returns once `stop` was called and its jobs have ended."""

    def __init__(self, slots: Mapping[str, int] = SLOTS, lease: timedelta | None = None) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._slots = slots
        self._lease = lease or timedelta(seconds=settings.CONFIGURATION.job_lease)
        self._running: dict[Claimed, threading.Thread] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._renewed = time.monotonic()
        self._clock = clock.Watch()

    def stop(self) -> None:
        """Take nothing on any more; may be called from a signal's handler."""
        self._stop.set()

    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def run(self) -> None:
        """Work until told to stop."""
        registering.discover()
        registering.set_stopping(to=False)
        _log.info("worker began", extra=facts(worker=self.name))
        settled = False
        while not self._stop.is_set():
            try:
                close_old_connections()
                if not settled:
                    schedule.settle()
                    settled = True
                self.step()
            except _AWAY as error:
                _log.error("database does not answer", exc_info=error)
                connection.close()
            self._stop.wait(TICK)
        self._wind_down()

    def step(self) -> int:
        """One look at schedule, leases and queue; how many jobs were begun."""
        now = timezone.now()
        self._clock.look(now)
        self._hold()
        schedule.queue_due(now)
        if lost := queue.take_back(now):
            _log.warning("jobs of lost workers are taken up", extra=facts(jobs=lost))
        begun = 0
        for name, slots in self._slots.items():
            with self._lock:
                free = slots - sum(each.row.queue_name == name for each in self._running)
            if free > 0:
                for job in queue.claim(name, self.name, free, self._lease):
                    self._begin(job)
                    begun += 1
        return begun

    def wait(self, seconds: float) -> bool:
        """Wait for the jobs in progress; whether all have ended."""
        end = time.monotonic() + seconds
        with self._lock:
            threads = list(self._running.values())
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _begin(self, job: Claimed) -> None:
        # A daemon: a job that does not heed `stopping` must not keep the process.
        thread = threading.Thread(target=self._work, args=(job,), daemon=True)
        with self._lock:
            self._running[job] = thread
        thread.start()

    def _work(self, job: Claimed) -> None:
        begun = time.perf_counter()
        try:
            result = run(job)
            seconds = round(time.perf_counter() - begun, 3)
            _log.info("job", extra=facts(job=str(job.id), task=job.path, attempt=job.attempt,
                                         came=result, seconds=seconds))  # fmt: skip
        except _AWAY as error:  # its lease runs out, and it is done again
            _log.error("what became of a job could not be told", exc_info=error)
        finally:
            with self._lock:
                self._running.pop(job, None)
            connection.close()

    def _hold(self) -> None:
        if time.monotonic() - self._renewed < self._lease.total_seconds() / 4:
            return
        with self._lock:
            held = [job.id for job in self._running]
        if held:
            queue.renew(self.name, held, self._lease)
        self._renewed = time.monotonic()

    def _wind_down(self) -> None:
        registering.set_stopping(to=True)
        end = time.monotonic() + GRACE
        while not self.wait(TICK) and time.monotonic() < end:
            self._hold()
        with self._lock:
            left = list(self._running)
        for job in left:
            queue.put_back(job)
        _log.info("worker ended", extra=facts(worker=self.name, put_back=len(left)))


def run(job: Claimed) -> str:
    """Run the job, and say what became of it: done, again, failed, or lost to another worker."""
    close_old_connections()
    came, tell = _came(job)
    return came if _tell_patiently(tell) else "lost"


def _came(job: Claimed) -> tuple[str, Callable[[], bool]]:
    """What the job came to, and how to say so."""
    try:
        given = job.row.args_kwargs
        value = job.row.task.call(*given["args"], **given["kwargs"])
    except Again as again:
        return "again", partial(queue.put_back, job, again.after)
    except Exception as error:
        _log.error("job failed", exc_info=error, extra=facts(job=str(job.id), task=job.path))
        for_good = isinstance(error, BadInput)
        return "failed", partial(queue.failed, job, error, for_good=for_good)
    return "done", partial(queue.succeeded, job, value)


def _tell_patiently(tell: Callable[[], bool]) -> bool:
    for left in reversed(range(_TRIES)):
        try:
            return tell()
        except _AWAY:
            connection.close()
            if not left:
                raise
            time.sleep(_BETWEEN)
    return False
