"""The application that the server runs in each worker's event loop (RSGI)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from functools import cache
from typing import Any

from django.conf import settings

from equipoise.service.contexts.decisions.services import InProgress, held_in_line
from equipoise.service.door import decisions, many
from equipoise.service.door.asked import Sent, failed
from equipoise.service.door.bodies import AT_ONCE, drain
from equipoise.service.door.bounds import Full
from equipoise.service.door.callers import Keys
from equipoise.service.door.heads import Head
from equipoise.service.door.health import Health
from equipoise.service.door.intake import Intake, Refused, busy, check, plain
from equipoise.service.door.pool import Pool
from equipoise.service.door.replies import Headers, Reply, refused
from equipoise.service.door.waiting import Together
from equipoise.service.door.wsgi import answer, environ_of
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.operations.catalogue import INTERNAL, WRONG_METHOD
from equipoise.service.platform.operations.logs import log, request_id
from equipoise.service.platform.operations.programs import HEADERS
from equipoise.service.platform.operations.proxies import notice_by_program
from equipoise.service.platform.operations.requests import PROBES, report
from equipoise.service.platform.operations.tracing import request_span

_AT_ONCE, _WAITING = 256, 2_000  # decisions taken together, and that wait for it at most
_MANY = 64  # requests of many applications that wait, while one is at work
_THREADS, _WAIT = 16, 64  # other requests that are answered at once, and that wait for it at most
_WRITERS, _WRITES = 2, 64  # of files on their way
_UNKNOWN = "unknown"  # the route of what was refused before anybody looked for one
_log = log("door")


class Door:
    """Every request of one process. `wsgi` is Django's application, for all but the short way."""

    def __init__(self, wsgi: Any) -> None:
        self._wsgi = wsgi

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called once, before the loop runs."""
        loop.run_until_complete(self.begin())
        loop.run_until_complete(self._health.begin())

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Called once, after the last request."""
        self.end()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request, whatever it is."""
        head = Head(scope)
        request_id.set(head.request_id)
        try:
            await self._answer(head, proto)
        except Exception as error:
            _log.error("request failed", exc_info=error)
            refused(head, INTERNAL).send(proto)

    async def begin(self) -> None:
        """Start the threads that answer."""
        self._pool = Pool("requests", _THREADS, _WAIT)
        self._disk = Pool("files", _WRITERS, _WRITES)
        self._keys = Keys()
        self._health = Health()
        self._intake = Intake(self._keys, self._pool, self._disk)
        self._short: dict[str, Together[Sent, Reply]] = {
            decisions.PATH: Together(
                "decisions", decisions.answers, at_once=_AT_ONCE, most=_WAITING
            ),
            many.PATH: Together("many", many.answers, at_once=1, most=_MANY),
        }

    def end(self) -> None:
        """End what was begun."""
        for short in self._short.values():
            short.stop()
        for each in (self._keys, self._health, self._pool, self._disk):
            each.stop()

    async def _answer(self, head: Head, proto: Any) -> None:
        if head.path in PROBES and head.method in ("GET", "HEAD"):
            await self._reported(head, proto, head.path, self._probed(head), ())
        elif head.method == "CONNECT":  # has no path, and asks for a line to somewhere else
            await self._refuse(head, proto, Refused(refused(head, WRONG_METHOD)))
        elif head.authorization is not None and self._is_short(head):
            await self._reported(head, proto, head.path, self._decided(head, proto))
        else:
            await self._django(head, proto)

    async def _probed(self, head: Head) -> Reply:
        return self._health.probe(head.method, head.path)

    def _is_short(self, head: Head) -> bool:
        return head.method == "POST" and head.path in self._short and plain(head)

    async def _decided(self, head: Head, proto: Any) -> Reply:
        check(head)
        notice_by_program(head.headers)
        token, by = await self._intake.admit(head)
        body = await self._intake.of_program(head, proto, by)
        sent = Sent(head, token, body, copy_context())
        try:
            with _held(by, head):
                return await self._short[head.path].result(sent)
        except InProgress as error:
            return failed(head, error)
        except Full:
            raise busy(head) from None

    async def _django(self, head: Head, proto: Any) -> None:
        try:
            async with self._intake.taken(head, proto) as body:
                reply = await self._pool.run(answer, self._wsgi, environ_of(head, body))
        except Refused as refusal:
            await self._refuse(head, proto, refusal)
        except Full:
            await self._refuse(head, proto, busy(head))
        else:
            await _send(reply, head, proto, more=body.more)

    async def _refuse(self, head: Head, proto: Any, refusal: Refused) -> None:
        async def reply() -> Reply:
            # Another one: an exception that holds the frame it was raised in is there until the
            # collector comes by, and with it what waits for the body, and the connection.
            raise Refused(refusal.reply, more=refusal.more)

        await self._reported(head, proto, _UNKNOWN, reply())

    async def _reported(
        self,
        head: Head,
        proto: Any,
        route: str,
        answering: Awaitable[Reply],
        headers: Headers | tuple[()] | None = None,
    ) -> None:
        """Send what is answered here, with what every answer has, and tell the log of it."""
        start, more = time.perf_counter(), False
        with request_span(head.headers.get("traceparent", "")) as span:
            try:
                reply = await answering
            except Refused as refusal:
                reply, more = refusal.reply, refusal.more and head.has_body
            report(head.method, route, reply.status, time.perf_counter() - start, span)
        reply.headers += _for_programs(head.secure) if headers is None else headers
        reply.headers += [("X-Request-ID", head.request_id), ("Cache-Control", "no-store")]
        await _send(reply, head, proto, more=more)


async def _send(reply: Reply, head: Head, proto: Any, *, more: bool) -> None:
    """Where much `more` may be coming, it is the connection's last answer."""
    if more and (head.length is None or head.length > AT_ONCE):
        reply.headers = [*reply.headers, ("Connection", "close")]
    reply.send(proto)
    if more:
        await drain(proto)


def _held(by: Principal, head: Head) -> AbstractContextManager[None]:
    key = head.headers.get("idempotency-key", "") if head.path == decisions.PATH else ""
    # What a test key asks has no effect that could be had twice.
    return nullcontext() if by.test or not key else held_in_line(by.id, key)


@cache
def _for_programs(secure: bool) -> Headers:
    """What the transport's middleware and ours say of every answer to a program."""
    headers = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        *HEADERS.items(),
    ]
    if secure and settings.SECURE_HSTS_SECONDS:
        rest = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
        headers.append(
            ("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}{rest}")
        )
    return headers
