"""The process that holds a crowd's connections: `holding_lines.py HOST PORT`, told what to do by
lines of JSON, each answered by one (see `hostile.Crowd`)."""

from __future__ import annotations

import asyncio
import json
import random
import resource
import socket
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

_DRIP = 2.0  # seconds between two bytes
_PAUSE = (2.0, 8.0)  # seconds before who was thrown out comes again: not all at one moment
_AT_ONCE = 50  # that are connecting


@dataclass(frozen=True)
class Way:
    """How one behaves."""

    name: str
    first: bytes
    more: bytes
    asks: bytes
    reads: bool


class Holding:
    """All connections of one crowd."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self.open: Counter[str] = Counter()  # by name
        self.ended = 0
        self.tired = False
        self._connecting = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    async def add(self, count: int, way: Way) -> None:
        """Open so many more."""
        await asyncio.gather(*(self.enter(way) for _ in range(count)))

    async def enter(self, way: Way) -> None:
        """Open one, that is counted if it reads."""
        line = socket.socket()
        line.setblocking(False)
        if not way.reads:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        loop = asyncio.get_running_loop()
        async with self._connecting:
            await loop.sock_connect(line, self.address)
        self.open[way.name] += way.reads
        await loop.create_connection(lambda: Line(self, way), sock=line)

    def leave(self, way: Way) -> None:
        """One was thrown out."""
        self.open[way.name] -= 1
        self.ended += 1
        if not self.tired:
            task = asyncio.create_task(self._again(way))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _again(self, way: Way) -> None:
        await asyncio.sleep(random.uniform(*_PAUSE))  # noqa: S311
        if not self.tired:
            await self.enter(way)


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, holding: Holding, way: Way) -> None:
        self._holding, self._way = holding, way
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        if not self._way.reads:
            transport.pause_reading()
        if self._way.first:
            transport.write(self._way.first)
        self._wait()

    def connection_lost(self, _error: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._way.reads:
            self._holding.leave(self._way)

    def _wait(self) -> None:
        if self._way.more or self._way.asks:
            self._timer = asyncio.get_running_loop().call_later(_DRIP, self._send)

    def _send(self) -> None:
        if self._way.more:
            self._transport.write(self._way.more)
        elif not self._holding.tired:
            self._transport.write(self._way.asks)
        self._wait()


async def main(host: str, port: str) -> None:
    """Do what each line says, until there is none."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    holding, lines = Holding(host, int(port)), asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    while line := await lines.readline():
        document = json.loads(line)
        holding.tired = holding.tired or "tire" in document
        if "add" in document:
            sent = (bytes.fromhex(document[name]) for name in ("first", "more", "asks"))
            await holding.add(document["add"], Way(document["name"], *sent, document["reads"]))
        sys.stdout.write(json.dumps({"open": +holding.open, "ended": holding.ended}) + "\n")
        sys.stdout.flush()


asyncio.run(main(*sys.argv[1:]))
