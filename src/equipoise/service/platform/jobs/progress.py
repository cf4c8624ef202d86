"""How far a long job is, written down where whoever waits for it reads it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from equipoise.progress import Step
from equipoise.service.platform.jobs.registering import Again, stopping

_BETWEEN = 1.0  # seconds between two words of how far it is
_LONGEST = 80  # characters of a step's title


class Watched:
    """Progress of a job, said once a second at most; where the worker stops, the job begins anew.

    `say` writes down a step's title and its share, 0..1; it may raise what ends the work.
    """

    def __init__(self, say: Callable[[str, float], object]) -> None:
        self._write = say
        self._said = 0.0

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Say that a step begins."""
        self._say(title, 0.0)
        yield _Step(self, title)

    def far(self, title: str, share: float) -> None:
        """Say how far it is, if the last word was a while ago."""
        if time.monotonic() - self._said >= _BETWEEN:
            self._say(title, share)

    def _say(self, title: str, share: float) -> None:
        if stopping():
            raise Again
        self._said = time.monotonic()
        self._write(title[:_LONGEST], min(max(share, 0.0), 1.0))


class _Step:
    def __init__(self, watched: Watched, title: str) -> None:
        self._watched, self._title = watched, title

    def advance(self, done: float, total: float) -> None:
        self._watched.far(self._title, done / total if total else 0.0)
