"""Who a request may be of, known from its head: before its body is awaited.

The answer is kept for a few seconds, and says no more than that a body is worth reading. Whether
the caller may do what they ask is looked up again where it is done: a key that was withdrawn is
withdrawn from the next request on.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest, parse_cookie

from equipoise.service.door.heads import Head
from equipoise.service.door.threads import look_at_connection
from equipoise.service.door.waiting import Together
from equipoise.service.platform.accounts.keys import Limit, principals_by_tokens
from equipoise.service.platform.accounts.permissions import Principal

Program = tuple[Principal, Limit]
KEPT = 5.0  # seconds
_MOST = 10_000


class Keys:
    """The programs whose keys were in force a moment ago, and how often they may ask."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[float, Program]] = OrderedDict()
        self._looking: Together[str, Program | Exception | None] = Together(
            "keys", _programs, at_once=256, most=2_000
        )

    async def program(self, token: str) -> Program | None:
        """Whose key it is, and how often they may ask; None: nobody's.

        Raises Full, and what the database raises where it cannot be known.
        """
        if not token:
            return None
        digest = sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        principal = await self._looking.result(token)
        if isinstance(principal, Exception):
            raise principal
        if principal is not None:
            self._keep(digest, principal)
        return principal

    def stop(self) -> None:
        """End the thread that looks them up."""
        self._looking.stop()

    def _keep(self, digest: bytes, program: Program) -> None:
        self._known[digest] = (time.monotonic() + KEPT, program)
        self._known.move_to_end(digest)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)


def has_session(head: Head) -> bool:
    """Whether a browser sends a cookie of ours."""
    return settings.SESSION_COOKIE_NAME in head.headers.get("cookie", "")


def known_person(cookies: str) -> bool:
    """Whether the session is somebody's. Blocks on the database."""
    request = HttpRequest()
    session = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session)
    user = get_user(request)
    return user.is_authenticated and user.is_active


def _programs(tokens: Sequence[str]) -> Sequence[Program | Exception | None]:
    look_at_connection()
    try:
        principals = principals_by_tokens(tokens)
    except Exception as error:
        connection.close()
        return [error] * len(tokens)
    return [principals.get(token) for token in tokens]
