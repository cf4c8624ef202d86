"""Progress on stderr: bars for whoever waits at a terminal, lines for a log."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from equipoise.progress import Progress, Silent, Step

SHORT = 1.0  # seconds; steps quicker than this are not kept on the screen


class _LineStep:
    def advance(self, done: float, total: float) -> None:
        """A log has no place for how far a step has come."""


class _Logged:
    """Progress as lines: one when a step of a second or more has ended."""

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        begun = time.perf_counter()
        yield _LineStep()
        elapsed = time.perf_counter() - begun
        if elapsed >= SHORT:
            sys.stderr.write(f"{title}: {elapsed:.1f} s\n")


@contextmanager
def watching(quiet: bool) -> Iterator[Progress]:
    """Progress on stderr; none when quiet, as under --json."""
    if quiet or os.environ.get("TERM") == "dumb":
        yield Silent()
    elif sys.stderr.isatty():
        from equipoise.cli.progress_bars import progress_bars

        with progress_bars() as bars:
            yield bars
    else:
        yield _Logged()
