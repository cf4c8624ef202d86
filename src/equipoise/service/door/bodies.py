"""Bodies, read in the event loop: within a size, within a time, and at a rate.

Who sends too slowly is refused, and the connection closed: nobody waits for a byte without an end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from granian._granian import RSGIProtocolClosed

GRACE = 5.0  # seconds in which a body's rate is not looked at
SMALL = 8_192  # bytes of a body that is not counted: of all connections at once they are bearable
AT_ONCE = 65_536  # bytes of a body that comes in one piece, or nearly
_DRAINED, _DRAINING = 64_000_000, 5.0  # read and thrown away at most, so that a refusal arrives
_PIECE = 1 << 20
Write = Callable[[bytes], Awaitable[None]]


class TooSlow(Exception):
    """The body did not come in time, or came by too few bytes a second."""


class TooLarge(Exception):
    """The body has more bytes than are taken."""


class CutOff(Exception):
    """The body ended before its end."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a body: `length` bytes (None: not said) and `most` at most, whole within
    `seconds`, and by `rate` bytes a second on the whole."""

    length: int | None
    most: int
    seconds: float
    rate: float

    def allowed(self, received: int) -> float:
        """Seconds since its head in which there must be more than `received` bytes, or its end."""
        return min(self.seconds, GRACE + received / self.rate)


async def read_body(proto: Any, expected: Expected, count: Callable[[int], None]) -> bytes:
    """The body in memory. Raises TooSlow, TooLarge and CutOff.

    Unless it is small, each piece is counted as it comes, and not what is announced: who announces
    much and sends nothing takes nothing from others. `count` may raise.
    """
    if expected.length is not None and expected.length <= SMALL:
        return await _whole(proto, expected)
    pieces: list[bytes] = []

    async def keep(piece: bytes) -> None:
        count(len(piece))
        pieces.append(piece)

    await _pour(proto, expected, keep)
    return b"".join(pieces)


async def read_into(proto: Any, expected: Expected, write: Write) -> int:
    """Hand the body on in pieces of about a megabyte; its bytes. Raises as `read_body`."""
    held = bytearray()

    async def keep(piece: bytes) -> None:
        held.extend(piece)
        if len(held) >= _PIECE:
            await write(bytes(held))
            held.clear()

    size = await _pour(proto, expected, keep)
    await write(bytes(held))
    return size


async def read_start(proto: Any, expected: Expected, most: int) -> bytes:
    """The first bytes of a body that is larger than is taken; the rest is left for `drain`. Raises
    TooSlow."""
    start, held = asyncio.get_running_loop().time(), bytearray()
    pieces = aiter(proto)
    while len(held) < most:
        try:
            async with asyncio.timeout_at(start + expected.allowed(len(held))):
                held += await anext(pieces)
        except StopAsyncIteration:
            break
        except TimeoutError:
            raise TooSlow from None
    return bytes(held[:most])


async def drain(proto: Any) -> None:
    """Read what still comes, within bounds, and throw it away: who is hung up on while sending does
    not see the answer. Not after TooSlow: the server still waits for that piece."""
    left = _DRAINED
    with suppress(TimeoutError, StopAsyncIteration, RuntimeError):
        with suppress(RuntimeError):  # its reading was begun already
            aiter(proto)
        async with asyncio.timeout(_DRAINING):
            while left > 0:
                left -= len(await anext(proto))


async def _whole(proto: Any, expected: Expected) -> bytes:
    try:
        async with asyncio.timeout(expected.allowed(0)):
            body: bytes = await proto()
            return body
    except TimeoutError:
        raise TooSlow from None
    except RSGIProtocolClosed:
        raise CutOff from None


async def _pour(proto: Any, expected: Expected, keep: Write) -> int:
    start, size, ends = asyncio.get_running_loop().time(), 0, 0
    pieces = aiter(proto)
    while True:
        try:
            async with asyncio.timeout_at(start + expected.allowed(size)):
                piece = await anext(pieces)
        except StopAsyncIteration:
            break
        except TimeoutError:
            raise TooSlow from None
        if not piece:
            ends += 1
            continue
        size += len(piece)
        if size > expected.most:
            raise TooLarge
        await keep(piece)
    # The server tells an end by an empty piece, and a break by two; so it does trailers, which
    # nobody sends.
    if ends > 1 or (expected.length is not None and size != expected.length):
        raise CutOff
    return size
