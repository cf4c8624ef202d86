"""Serving: prepare, warm up, fork the workers, say so once they answer, stop gracefully."""

from __future__ import annotations

import gc
import http.client
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from equipoise.service.commands.first_start import Prepared, prepare, with_strategy
from equipoise.service.commands.forked import aside
from equipoise.service.commands.listening import Address, connections_at_most, listening, stay_here
from equipoise.service.commands.working import Beside, end_with_parent
from equipoise.service.platform.custody.fitting import use_kept_secrets
from equipoise.service.platform.operations.logs import facts, log

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from equipoise.service.commands.pages import Pages

_log = log("starting")
_LAST_SECONDS = 20  # for requests in progress when it is told to stop
_ANSWERS_WITHIN = 60.0
# Nearly all of what a request makes is gone with it: to look for garbage as often as Python does
# unasked takes a tenth of the time.
_GARBAGE = 50_000, 20, 50
# Seconds for which what is built behind the first answer may keep a decision from going on.
_SHORT = 0.0005
_HEADERS = 65_536  # bytes of a request's headers


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

    Where `worker` is set, one does the background work beside it. Needs `make_ready` before, and
    leaves it to the workers to look for garbage: what a start makes is kept, and looking through it
    again and again would take a tenth of the start.
    Raises BadInput where the address cannot be had, or is not one of this machine's own for a
    service in which nobody is real.
    """
    gc.disable()
    listener = listening(host, port, settings.CONFIGURATION.unread_seconds)
    address = Address(host, listener.getsockname()[1])
    with aside(prepare) as preparing:
        server = _server(listener, workers)
        _load_door()
    prepared = preparing.result()
    stay_here(host)
    use_kept_secrets()
    prepared = with_strategy(prepared, folder)
    _tell_transport()
    _tell_letters()
    _warm_up()
    beside = Beside(folder)
    answered = multiprocessing.get_context("fork").Event()

    def answers() -> None:
        announce(address, prepared)
        answered.set()
        if worker:  # only now: to start it takes as long as the server's own start
            beside.start()

    server.on_forked(_announcer(address, answers).start)
    server.serve(target_loader=partial(_application, answered), wrap_loader=False)
    beside.stop()


def _server(listener: socket.socket, workers: int) -> Any:
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from equipoise.service.commands.server import Server

    idle = int(settings.CONFIGURATION.idle_seconds * 1000)
    return Server(
        listener,
        interface=Interfaces.RSGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,  # what tells the versions apart waits for a first byte without end
        websockets=False,
        workers=workers,
        # Connections, idle ones too; how many requests are answered at once, the door sees to.
        backpressure=connections_at_most(),
        http1_settings=HTTP1Settings(header_read_timeout=idle, max_buffer_size=_HEADERS),
        respawn_failed_workers=True,
        log_level=LogLevels.error,
        workers_kill_timeout=_LAST_SECONDS,
        log_dictconfig=_quiet(),
    )


def _application(answered: Event) -> Any:
    """What each worker runs first: it ends with its parent, so that a killed server is gone."""
    end_with_parent()
    gc.set_threshold(*_GARBAGE)
    from equipoise.service.commands.pages import Pages
    from equipoise.service.door.application import Door

    pages = Pages()
    threading.Thread(target=_build, args=(pages, answered), daemon=True).start()
    return Door(pages)


def _build(pages: Pages, answered: Event) -> None:
    """What can wait until the first answer: together it takes as long as all that comes before."""
    from equipoise.value.compiled.valuer import compile_now

    answered.wait(_ANSWERS_WITHIN)
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SHORT)
    # Pages first: a person waits seconds for one; until the formula is compiled, a program waits a
    # millisecond more for a decision.
    for build in (pages.warm, compile_now):
        try:
            build()
        except Exception as error:  # whoever needs it tries again, and is told
            _log.error("what can wait could not be built", exc_info=error)
    sys.setswitchinterval(usual)
    gc.freeze()  # as in `_warm_up`
    gc.enable()


def _tell_transport() -> None:
    """By which ways messages leave here; said before anybody is answered, as without one nobody can
    apply. Raises BadInput where one is configured that cannot be used."""
    from equipoise.service.platform.messages.services import described

    ways = described()
    _log.info("messages", extra=facts(**ways))
    if set(ways.values()) == {"none"}:
        _log.warning("no messages can be sent: applicants cannot be offered to apply online")


def _tell_letters() -> None:
    """What letters lack that the law has them contain. Raises BadInput or Faults for a wrong
    `lender.yaml`."""
    from equipoise.service.contexts.notices.reading import unfilled

    for each in unfilled():
        _log.warning("letters that applicants are owed cannot be made", extra=facts(lacks=each))


def _warm_up() -> None:
    """Compile what the first decision needs before the workers are forked, and leave no
    connection open: two processes cannot share one. What is there by then stays: workers share its
    memory, and need not look through it for garbage, which would take a twentieth of their time."""
    from django.db import connections

    from equipoise.service.contexts.decisions.services import warm_up

    warm_up()
    connections.close_all()
    gc.freeze()


def _load_door() -> None:
    """What answers probes and decisions; all else is there a moment later."""
    from equipoise.service.door import application
    from equipoise.value.compiled.valuer import put_off_compiling

    put_off_compiling()

    assert application is not None  # noqa: S101 - it is imported for those that are forked


def _announcer(address: Address, announce: Callable[[], None]) -> threading.Thread:
    def wait() -> None:
        end = time.monotonic() + _ANSWERS_WITHIN
        while time.monotonic() < end:
            if _answers(address):
                announce()
                return
            time.sleep(0.02)
        _log.error("no worker answered", extra=facts(seconds=_ANSWERS_WITHIN))
        os.kill(os.getpid(), signal.SIGTERM)

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
    from equipoise.service.platform.operations.logs import JsonLines

    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {
            "_granian": {"handlers": ["stderr"], "level": logging.WARNING, "propagate": False}
        },
    }
