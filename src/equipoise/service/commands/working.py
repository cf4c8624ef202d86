"""The worker's process: alone, or beside a server that starts it again where it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.service.platform.operations.logs import facts, log

if TYPE_CHECKING:
    from equipoise.service.platform.jobs.worker import Worker

_DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
_LAST_SECONDS = 25.0  # a little more than the worker gives its jobs
_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_LASTED = 60.0  # seconds after which an end is not one of a row of failures
_log = log("jobs")


def work(beside: int = 0) -> None:
    """Work until told to stop (SIGTERM, SIGINT). Needs `make_ready` before.

    `beside` is the process it belongs to and ends with, if it does to one.
    """
    if beside:
        end_with_parent()
        if os.getppid() != beside:  # it ended before that could be asked for
            return
    from equipoise.service.platform.jobs.worker import Worker

    worker = Worker()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: worker.stop())
    _wait_until_begun(worker)
    if not worker.stopped():
        _check_secrets()
        _sweep()
    worker.run()


def _sweep() -> None:
    from django.db import DatabaseError

    from equipoise.service.contexts.batches.services import sweep

    try:
        sweep()
    except (DatabaseError, OSError) as error:  # an hour later it is tried again
        _log.warning("what broke off could not be removed", exc_info=error)


def end_with_parent() -> None:
    """Have this process killed when the one that started it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _check_secrets() -> None:
    """Raise BadInput where the secrets here are not those of the database."""
    from equipoise.service.commands.alone import alone
    from equipoise.service.platform.custody import exchanging, fitting

    with alone():
        exchanging.finish()
        fitting.check()
    fitting.use_kept_secrets()


def _wait_until_begun(worker: Worker) -> None:
    """A server prepares the database; a worker that is started first waits for that."""
    from django.db import DatabaseError, connection

    from equipoise.service.platform.custody.fitting import known
    from equipoise.service.platform.operations.health import faults

    announced = False
    while not worker.stopped():
        try:
            missing = bool(faults()) or not known()
        except DatabaseError:
            connection.close()
            missing = True
        if not missing:
            return
        if not announced:
            _log.warning("the database is not ready; waiting for a server to prepare it")
            announced = True
        time.sleep(1)


class Beside:
    """A worker that runs beside this process as long as it does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start it, and start it again whenever it ends."""
        self._thread.start()

    def stop(self) -> None:
        """Tell it to stop, and wait until it has."""
        self._over.set()
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()

    def _keep(self) -> None:
        # The thread lives on: the kernel takes the end of the starting thread for the parent's.
        pause = _PAUSE
        while not self._over.is_set():
            begun = time.monotonic()
            self._process = _started(self._folder)
            code = self._process.wait()
            if self._over.is_set():
                return
            pause = _PAUSE if time.monotonic() - begun > _LASTED else min(2 * pause, _LONGEST_PAUSE)
            _log.error("the worker ended; it is started again", extra=facts(code=code))
            self._over.wait(pause)


def _started(folder: Path) -> subprocess.Popen[bytes]:
    # Not a fork: threads of the libraries that read and decide files do not live through one.
    command = [sys.executable, "-m", "equipoise", "worker", str(folder)]
    return subprocess.Popen(  # noqa: S603 - ourselves
        [*command, "--beside", str(os.getpid())], stdin=subprocess.DEVNULL, stdout=sys.stderr
    )
