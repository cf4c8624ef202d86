"""granian as we run it: on a socket of ours, and ended by a signal whenever it comes."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

from granian._granian import SocketHolder
from granian.server.mp import MPServer

from equipoise.service.commands.listening import BACKLOG

_Holder: Any = SocketHolder  # its description lacks what it takes
_GLANCE = 0.5  # seconds
_ENDING = (signal.SIGTERM, signal.SIGINT)


class Server(MPServer):
    """One process that looks after the workers."""

    def __init__(self, listener: socket.socket, **settings: Any) -> None:
        host, port, *_ = listener.getsockname()
        super().__init__("equipoise", address=host, port=port, backlog=BACKLOG, **settings)
        self._listener = listener
        self.main_loop_interrupt = _Glancing()
        self._once_forked: list[Callable[[], None]] = []

    def on_forked(self, step: Callable[[], None]) -> None:
        """Do this once the workers are forked. What begins a thread belongs here: a thread that
        imports while its process is forked leaves the child a lock that nobody opens."""
        self._once_forked.append(step)

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """As granian's, then what waited for the workers."""
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        for step in self._once_forked:
            step()

    def serve(self, *given: Any, **named: Any) -> None:
        """Serve until told to stop."""
        # Between a fork and the worker's own handlers a signal would run ours there, and be lost.
        os.register_at_fork(
            before=_hold_signals, after_in_parent=_let_signals, after_in_child=_default_signals
        )
        super().serve(*given, **named)

    def _init_shared_socket(self) -> None:
        # Not granian's: it takes no options. One for all workers, so none waits at a busy one.
        self._listener.listen(BACKLOG)
        self._listener.set_inheritable(True)
        self._sso = self._listener
        self._shd = _Holder(self._listener.fileno(), False, BACKLOG)
        self._ssp = None


class _Glancing(threading.Event):
    """An event that is waited for with pauses: a signal that comes just as the main thread falls
    asleep is noted by the interpreter, and handled only when that thread wakes up again."""

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is not None:
            return super().wait(timeout)
        while not super().wait(_GLANCE):
            pass
        return True


def _hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)


def _let_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def _default_signals() -> None:
    for each in _ENDING:
        signal.signal(each, signal.SIG_DFL)
    _let_signals()
