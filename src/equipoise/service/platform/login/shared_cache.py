"""Django's cache in a table: what one process remembers, all do, also after a restart.

django-allauth keeps in it which one-time codes were used, and its lesser limits. Values are JSON:
nothing that is read from the database is run. Where the database does not answer, the caller gets
the error, and so refuses: a limit that cannot be looked up is not passed.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from equipoise.service.platform.login.models import Remembered

_EVER = timedelta(days=3650)
# One statement, so that of several processes one alone adds; what has ended is as good as gone.
_ADD = (
    "INSERT INTO login_remembered (key, value, expires_at) VALUES (%s, %s, %s) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at "
    "WHERE login_remembered.expires_at <= %s"
)


class SharedCache(BaseCache):
    """What is remembered stands under a digest of its key, which may hold a code."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> bool:
        """Remember it unless something is remembered already; whether it was not."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        ends = connection.ops.adapt_datetimefield_value(self._end(timeout))
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [self._digest(key, version), json.dumps(value), ends, now])
            return bool(cursor.rowcount == 1)

    def get(self, key: str, default: Any = None, version: Any = None) -> Any:
        row = Remembered.objects.filter(
            key=self._digest(key, version), expires_at__gt=timezone.now()
        ).first()
        return json.loads(row.value) if row else default

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None
    ) -> None:
        held = {"value": json.dumps(value), "expires_at": self._end(timeout)}
        Remembered.objects.update_or_create(key=self._digest(key, version), defaults=held)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        rows = Remembered.objects.filter(
            key=self._digest(key, version), expires_at__gt=timezone.now()
        )
        return bool(rows.update(expires_at=self._end(timeout)))

    def delete(self, key: str, version: Any = None) -> bool:
        return bool(Remembered.objects.filter(key=self._digest(key, version)).delete()[0])

    def clear(self) -> None:
        Remembered.objects.all().delete()

    def _digest(self, key: str, version: Any) -> str:
        full = self.make_key(key, version=version)
        return salted_hmac("equipoise.login.remembered", full, algorithm="sha256").hexdigest()

    def _end(self, timeout: Any) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return timezone.now() + (_EVER if seconds is None else timedelta(seconds=seconds))
