"""Locks on files and folders, which end with the process that holds them."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE = 0.05  # seconds between two looks


@contextmanager
def holding(path: Path, busy: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of a file or folder, which is there. `busy` is called again and again while
    another process does, and may raise instead of waiting on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        while not _locked(handle):
            busy()
            time.sleep(PAUSE)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
