"""Django's session store, for a database that others may read.

The cookie holds the session's key, 165 bits of chance. Kept are only an HMAC of it, by which the
session is found, and the session's content under AES-256-GCM with a key that is another HMAC of it:
whoever has the database lacks the cookies, and whoever can also write to it lacks the secret key.
"""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from equipoise.service.platform.login.models import Session
from equipoise.service.platform.record.subjects import new_id

MOST = timedelta(seconds=settings.SESSION_COOKIE_AGE)  # from log-in on, however busy
SEEN_EVERY = timedelta(minutes=1)  # a session in use is written so often, not at each request
_AHEAD = timedelta(minutes=5)  # what is further in the future was written by another clock
_KEY = re.compile(r"[a-z0-9]{32}")
_NONCE = 12
# Where allauth keeps who gave a password and still owes the second factor.
_HALF_WAY = "account_authentication_methods_user"


class SessionStore(SessionBase):
    """One session; `browser` and `address` say where it began, for its owner to know it by."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._begun_at: datetime | None = None
        self.browser, self.address = "", ""

    @property
    def digest(self) -> str:
        """By which the session is found in the database; empty where it is not kept there."""
        return digest_of(self.session_key) if self.session_key else ""

    def begin(self) -> None:
        """Count the session's time from now on, as somebody has just logged in."""
        self._begun_at = timezone.now()
        self.modified = True

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it has ended."""
        row = in_force().filter(digest=self.digest).first()
        if row is None:
            self._session_key = None
            return {}
        self._begun_at, self.browser, self.address = row.begun_at, row.browser, row.address
        if timezone.now() - row.seen_at >= SEEN_EVERY:
            self._seen(row)
        return self._opened(bytes(row.data))

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(digest=digest_of(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Keep it. Raises UpdateError where it was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        values = self._values(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        if not must_create:
            if not Session.objects.filter(digest=self.digest).update(**values):
                raise UpdateError
            return
        try:
            with transaction.atomic():
                Session.objects.create(digest=self.digest, id=new_id("session"), **values)
        except IntegrityError:
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(digest=digest_of(key)).delete()

    def flush(self) -> None:
        super().flush()
        self._begun_at = None

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lte=timezone.now()).delete()

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and _KEY.fullmatch(key))

    def _values(self, data: dict[str, Any]) -> dict[str, Any]:
        now = timezone.now()
        self._begun_at = self._begun_at or now
        owner = data.get(SESSION_KEY) or data.get(_HALF_WAY)
        return {
            "user_id": int(owner) if owner else None,
            "logged_in": SESSION_KEY in data,
            "data": self._sealed(data),
            "begun_at": self._begun_at,
            "seen_at": now,
            "expires_at": _end(self._begun_at, now),
            "browser": self.browser,
            "address": self.address,
        }

    def _seen(self, row: Session) -> None:
        now = timezone.now()
        try:
            with transaction.atomic():
                Session.objects.filter(pk=row.pk).update(
                    seen_at=now, expires_at=_end(row.begun_at, now)
                )
        except DatabaseError:
            return  # it is told at the next request: none fails for this

    def _sealed(self, data: dict[str, Any]) -> bytes:
        nonce = os.urandom(_NONCE)
        plain = self.serializer().dumps(data)
        return nonce + self._cipher().encrypt(nonce, plain, self.digest.encode())

    def _opened(self, sealed: bytes) -> dict[str, Any]:
        try:
            plain = self._cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], self.digest.encode())
        except InvalidTag:
            return {}
        session: dict[str, Any] = self.serializer().loads(plain)
        return session

    def _cipher(self) -> AESGCM:
        salt = "equipoise.login.session.content"
        return AESGCM(salted_hmac(salt, self.session_key or "", algorithm="sha256").digest())


def digest_of(session_key: str) -> str:
    """What the database knows of a session's key."""
    return salted_hmac("equipoise.login.session", session_key, algorithm="sha256").hexdigest()


def in_force() -> Any:
    """The sessions that have not ended. One from a future that a clock was set back from has."""
    now = timezone.now()
    return Session.objects.filter(
        expires_at__gt=now, begun_at__lte=now + _AHEAD, seen_at__lte=now + _AHEAD
    )


def _end(begun: datetime, seen: datetime) -> datetime:
    idle = timedelta(minutes=settings.CONFIGURATION.session_idle)
    return min(seen + idle, begun + MOST)
