"""A listener for probes alone: whoever looks after the process is heard, whatever else goes on.

It knows GET and HEAD of two addresses; it closes after each answer, and after a moment in any case.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from equipoise.service.door.replies import Reply

Ask = Callable[[str, str], Reply]  # method and path
_HEAD, _SECONDS, _MOST = 8_192, 10.0, 100
_SAYS = {200: "OK", 404: "Not Found", 405: "Method Not Allowed", 503: "Service Unavailable"}


async def listen(host: str, port: int, ask: Ask) -> asyncio.Server:
    """Answer probes there until the server is closed. All processes listen at the same address."""
    open_: dict[asyncio.Task[None], None] = {}  # the oldest first

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine of the loop's
        open_[task] = None
        if len(open_) > _MOST:
            next(iter(open_)).cancel()
        try:
            with suppress(TimeoutError, OSError, ValueError, asyncio.IncompleteReadError):
                async with asyncio.timeout(_SECONDS):
                    await _answer(reader, writer, ask)
        finally:
            open_.pop(task, None)
            writer.close()

    return await asyncio.start_server(meet, host, port, limit=_HEAD, reuse_port=True, backlog=128)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ask: Ask) -> None:
    with suppress(asyncio.LimitOverrunError):
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, *_ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        reply = ask(method, target.split("?", 1)[0])
        lines = [f"HTTP/1.1 {reply.status} {_SAYS.get(reply.status, '')}"]
        lines += [f"{name}: {value}" for name, value in reply.headers]
        lines += [f"Content-Length: {len(reply.body)}", "Connection: close", "", ""]
        body = b"" if method == "HEAD" else reply.body
        writer.write("\r\n".join(lines).encode("latin-1") + body)
        await writer.drain()
