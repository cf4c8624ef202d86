"""A body let in or not: what its head says is looked at before a byte of it is awaited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings

from equipoise.service.door.asked import failed
from equipoise.service.door.bodies import (
    CutOff,
    Expected,
    TooLarge,
    TooSlow,
    read_body,
    read_into,
    read_start,
)
from equipoise.service.door.bounds import Bound, Full
from equipoise.service.door.callers import Keys, has_session, known_person
from equipoise.service.door.heads import Head
from equipoise.service.door.pool import Pool
from equipoise.service.door.replies import Reply, refused
from equipoise.service.platform.accounts.access import count
from equipoise.service.platform.accounts.credentials import token_in
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.operations import catalogue
from equipoise.service.platform.operations.catalogue import Kind
from equipoise.service.platform.operations.disk import left
from equipoise.service.platform.papers.incoming import FORM, MOST_BODY

AGAIN = 1  # seconds after which to come again where too much is asked at once
_FORM = 100_000  # bytes of a page's form
# Bytes on their way at once, of all and of one: a program, or where none is known an address.
_CALLERS, _CALLER = 256_000_000, 128_000_000
_STRANGERS, _STRANGER = 64_000_000, 16_000_000
_UPLOADS, _UPLOADER = 16, 8  # files on their way at once
_PAPERS, _BRINGER = 24, 12  # the same of papers: of people behind one proxy, too
_NOBODY = "log in, or send a key as `Authorization: Bearer`"


class Refused(Exception):
    """The request is refused by its head, or by how its body came; `more` of it may be coming."""

    def __init__(self, reply: Reply, *, more: bool = True) -> None:
        super().__init__(reply.status)
        self.reply, self.more = reply, more


class _DiskFull(Exception):
    """More would leave less of the disk than must be left: a file on its way fills it too."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body that is whole, in memory or in a file, or was left where it is (`more` may be coming);
    `counted` where the request counts already against its program's rate, `too_much` where it is
    too large: then this is its beginning, with what was typed, and a page tells of it."""

    content: bytes | IO[bytes] = b""
    size: int = 0
    counted: bool = False
    more: bool = False
    too_much: bool = False


_LEFT = Body(more=True)


class Intake:
    """Who may send bodies, and what of a process's memory and disk these may take on their way."""

    def __init__(self, keys: Keys, pool: Pool, disk: Pool) -> None:
        self._keys, self._pool, self._disk = keys, pool, disk
        self._of_callers = Bound(_CALLERS, _CALLER)
        self._of_strangers = Bound(_STRANGERS, _STRANGER)
        self._uploads = Bound(_UPLOADS, _UPLOADER)
        self._papers = Bound(_PAPERS, _BRINGER)

    async def admit(self, head: Head) -> tuple[str, Principal]:
        """The token of a program that may ask now, and whose it is. Raises Refused."""
        token = token_in(head.authorization or "")
        try:
            program = await self._keys.program(token)
            if program is None:
                raise Refused(refused(head, catalogue.NOT_AUTHENTICATED, _NOBODY))
            count(program[1])
        except Full:
            raise busy(head) from None
        except Refused:
            raise
        except Exception as error:  # over its rate, or the database is away
            raise Refused(failed(head, error)) from None
        return token, program[0]

    async def of_program(self, head: Head, proto: Any, by: Principal) -> bytes:
        """The body of an admitted program's request, in memory. Raises Refused."""
        return await self._in_memory(head, proto, self._of_callers, by.id)

    @asynccontextmanager
    async def taken(self, head: Head, proto: Any) -> AsyncIterator[Body]:
        """The body of any other request, while it is answered; empty where whoever sends it is not
        known, and is told so without it. Raises Refused."""
        if not head.has_body or not plain(head):
            yield _LEFT if head.has_body else Body()
            return
        if head.brings_paper and not head.in_api and (head.length or 0) > _most(head):
            with _body_problems(head), self._papers.held(1, head.address):
                content = await read_start(proto, _expected(head), FORM)
            yield Body(content, len(content), more=True, too_much=True)
            return
        check(head)
        counted, name = False, head.address
        if head.in_api and head.authorization is not None:
            _, by = await self.admit(head)
            counted, name = True, by.id
        elif head.in_api and not await self._is_somebody(head):
            yield _LEFT
            return
        if head.brings_file or head.brings_paper or head.brings_strategy:
            async with self._on_disk(head, proto, name) as (file, size):
                yield Body(file, size, counted)
            return
        held = self._of_callers if head.in_api else self._of_strangers
        content = await self._in_memory(head, proto, held, name)
        yield Body(content, len(content), counted)

    async def _is_somebody(self, head: Head) -> bool:
        if not has_session(head):
            return False
        try:
            return await self._pool.run(known_person, head.headers.get("cookie", ""))
        except Full:
            raise busy(head) from None
        except Exception as error:
            raise Refused(failed(head, error)) from None

    async def _in_memory(self, head: Head, proto: Any, held: Bound, name: str) -> bytes:
        with _body_problems(head), held.held(0, name) as count:
            return await read_body(proto, _expected(head), count)

    @asynccontextmanager
    async def _on_disk(
        self, head: Head, proto: Any, name: str
    ) -> AsyncIterator[tuple[IO[bytes], int]]:
        """A file without a name: it is gone with the process, whatever becomes of that."""
        folder = settings.CONFIGURATION.batch_folder

        async def write(piece: bytes) -> None:
            await self._disk.run(_write, file, piece, folder)

        with TemporaryFile(dir=folder) as file:
            uploads = self._papers if head.brings_paper else self._uploads
            with _body_problems(head), uploads.held(1, name):
                size = await read_into(proto, _expected(head), write)
            file.seek(0)
            yield file, size


def _write(file: IO[bytes], piece: bytes, folder: Path) -> None:
    if left(folder) - len(piece) < settings.CONFIGURATION.least_disk:
        raise _DiskFull
    file.write(piece)


def plain(head: Head) -> bool:
    """Whether it may be answered as it is: for a name of ours, and not to be sent on to HTTPS."""
    return head.known_host and (head.secure or not settings.SECURE_SSL_REDIRECT)


def check(head: Head) -> None:
    """Raises Refused where the body is too large, or of another kind than is read here."""
    if head.length is not None and head.length > _most(head):
        raise _too_large(head)
    if head.brings_file or head.brings_paper or head.brings_strategy:
        if head.length is None and head.content_type == "multipart/form-data":
            raise _refused(head, catalogue.UNREADABLE, "a form needs a Content-Length")
    elif head.in_api and head.sends and head.content_type != "application/json":
        # A browser cannot send JSON across sites without asking first.
        raise _refused(head, catalogue.WRONG_TYPE, "send the body as application/json")


def busy(head: Head) -> Refused:
    """Too much is asked at once."""
    return Refused(refused(head, catalogue.BUSY, wait=AGAIN))


def _too_large(head: Head) -> Refused:
    limit = f"the body may have {_most(head)} bytes at most"
    return _refused(head, catalogue.TOO_LARGE, limit)


def _most(head: Head) -> int:
    configured = settings.CONFIGURATION
    if head.brings_file:
        return int(configured.max_batch)
    if head.brings_paper:
        return MOST_BODY
    small = not (head.in_api or head.carries_strategy)
    return int(min(_FORM, configured.max_body) if small else configured.max_body)


def _expected(head: Head) -> Expected:
    configured = settings.CONFIGURATION
    file = head.brings_file or head.brings_paper or head.brings_strategy
    seconds = configured.upload_seconds if file else configured.body_seconds
    return Expected(head.length, _most(head), seconds, configured.body_rate)


def _refused(head: Head, kind: Kind, detail: str = "") -> Refused:
    return Refused(refused(head, kind, detail))


@contextmanager
def _body_problems(head: Head) -> Iterator[None]:
    """What goes wrong while a body comes, as whoever sends it is told."""
    try:
        yield
    except Full:
        raise busy(head) from None
    except TooLarge:
        raise _too_large(head) from None
    except _DiskFull:
        raise _refused(
            head, catalogue.NO_ROOM, "the disk is nearly full (EQUIPOISE_LEAST_DISK)"
        ) from None
    except TooSlow:
        raise Refused(refused(head, catalogue.TOO_SLOW), more=False) from None
    except CutOff:
        cut = refused(head, catalogue.UNREADABLE, "the body was cut off")
        raise Refused(cut, more=False) from None
    except OSError:  # such as a full disk
        raise Refused(
            refused(head, catalogue.UNAVAILABLE, "there is no room", wait=AGAIN)
        ) from None
