"""Doing one thing in a process of its own, meanwhile another in this one."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from equipoise.errors import BadInput, EquipoiseError

T = TypeVar("T")


class Aside(Generic[T]):
    """What is being done aside."""

    def __init__(self, receiver: Connection) -> None:
        self._receiver = receiver

    def result(self) -> T:
        """What came of it, once it is done; raises what it raised."""
        try:
            done, outcome = self._receiver.recv()
        except EOFError:
            raise EquipoiseError("the preparation was cut off") from None
        if not done:
            raise outcome
        return outcome  # type: ignore[no-any-return]


@contextmanager
def aside(work: Callable[[], T]) -> Iterator[Aside[T]]:
    """Fork a process for `work`; it must not share a connection with this one."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(work, sender), daemon=True)
    process.start()
    sender.close()
    try:
        yield Aside(receiver)
    except BaseException:
        process.terminate()
        raise


def _do(work: Callable[[], T], sender: Connection) -> None:
    try:
        sender.send((True, work()))
    except Exception as error:
        sender.send((False, _sendable(error)))


def _sendable(error: Exception) -> Exception:
    if isinstance(error, BadInput):
        return BadInput(str(error))  # many faults become one text: the parent only tells it
    if isinstance(error, EquipoiseError):
        return EquipoiseError(str(error))
    return EquipoiseError(f"the service cannot be prepared: {type(error).__name__}: {error}")
