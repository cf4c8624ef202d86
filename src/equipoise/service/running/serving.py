"""Serving: prepare, warm up, fork the workers, say so once they answer, stop gracefully."""

from __future__ import annotations

import gc
import http.client
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equipoise.errors import BadInput
from equipoise.service.running.aside import aside
from equipoise.service.running.first import Prepared, prepare, with_strategy
from equipoise.service.running.working import Beside, end_with_parent

THREADS = 16  # requests a worker answers at once
_LAST_SECONDS = 20  # for requests in progress when it is told to stop
_ANSWERS_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service listens, and how it is reached from here."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """What to open."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def serve(
    folder: Path,
    host: str,
    port: int,
    workers: int,
    announce: Callable[[Address, Prepared], None],
    *,
    worker: bool = True,
) -> None:
    """Serve until told to stop (SIGTERM, SIGINT); `announce` is called once it answers.

    Where `worker` is set, one does the background work beside it. Needs `make_ready` before.
    Raises BadInput where the address cannot be had.
    """
    address = Address(host, _free_port(host, port))
    with aside(prepare) as preparing:
        server = _server(address, workers)
        _build_routes()
    prepared = with_strategy(preparing.result(), folder)
    _warm_up()
    beside = Beside(folder)

    def answers() -> None:
        announce(address, prepared)
        if worker:  # only now: to start it takes as long as the server's own start
            beside.start()

    server.on_startup(lambda: _announcer(address, answers).start())
    server.serve(target_loader=_application, wrap_loader=False)
    beside.stop()


def _server(address: Address, workers: int) -> Any:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    return Server(
        "equipoise",
        address=address.host,
        port=address.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=8 * THREADS,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
        workers_kill_timeout=_LAST_SECONDS,
        log_dictconfig=_quiet(),
    )


def _application() -> Any:
    """What each worker runs first: it ends with its parent, so that a killed server is gone."""
    end_with_parent()
    from equipoise.service.wsgi import application

    return application


def _warm_up() -> None:
    """Compile what the first decision needs before the workers are forked, and leave no
    connection open: two processes cannot share one. What is there by then stays: workers share its
    memory, and need not look through it for garbage, which would take a twentieth of their time."""
    from django.db import connections

    from equipoise.service.decisions.warming import warm_up

    warm_up()
    connections.close_all()
    gc.freeze()


def _build_routes() -> None:
    """Everything that a first request would otherwise wait for."""
    from django.urls import get_resolver

    from equipoise.service import wsgi

    assert wsgi.application is not None  # noqa: S101 - importing it loads the middleware
    assert get_resolver().url_patterns  # noqa: S101 - asking for them imports the API


def _free_port(host: str, port: int) -> int:
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise BadInput(
                f"cannot listen on {host}:{port}: {error}",
                field="--port",
                mend="choose another port, or --port 0 for any that is free",
            ) from None
        found: int = probe.getsockname()[1]
    return found


def _announcer(address: Address, announce: Callable[[], None]) -> threading.Thread:
    def wait() -> None:
        end = time.monotonic() + _ANSWERS_WITHIN
        while time.monotonic() < end:
            if _answers(address):
                announce()
                return
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)  # it never came up

    return threading.Thread(target=wait, daemon=True)


def _answers(address: Address) -> bool:
    host = address.url.removeprefix("http://").rsplit(":", 1)[0].strip("[]")
    connection = http.client.HTTPConnection(host, address.port, timeout=5)
    try:
        # /healthz, not /readyz: whoever waits for readiness asks for it, and it may take longer.
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _quiet() -> dict[str, Any]:
    from equipoise.service.operations.logs import JsonLines

    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {
            "_granian": {"handlers": ["stderr"], "level": logging.WARNING, "propagate": False}
        },
    }
