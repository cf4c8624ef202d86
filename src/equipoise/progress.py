"""How long work tells the person waiting what it is doing; silent unless someone listens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Step(Protocol):
    """One step under way."""

    def advance(self, done: float, total: float) -> None:
        """Say how far the step has come, in any unit."""


class Progress(Protocol):
    """Receives the steps of a long computation."""

    def step(self, title: str) -> AbstractContextManager[Step]:
        """Open a step; it ends when the context closes."""


class _SilentStep:
    def advance(self, done: float, total: float) -> None:
        pass


class Silent:
    """Progress that nobody watches; the default in the library."""

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:  # noqa: ARG002
        yield _SilentStep()
