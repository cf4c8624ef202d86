"""What Django needs to reach the database that the configuration names."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from equipoise.errors import BadInput
from equipoise.service.platform.configuration import Configuration


def database_settings(configuration: Configuration) -> dict[str, Any]:
    """What Django needs to reach the database that the configuration names."""
    if not configuration.database_url:
        return _sqlite(configuration)
    return _postgresql(configuration)


def _sqlite(configuration: Configuration) -> dict[str, Any]:
    # WAL lets readers go on while one writes; FULL makes a commit survive a power cut.
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000; "
        "PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=4000"
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(configuration.folder / "service.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that means to write takes its lock at once, or two would deadlock.
            "transaction_mode": "IMMEDIATE",
            "timeout": configuration.database_patience,
            "init_command": pragmas,
        },
    }


def _postgresql(configuration: Configuration) -> dict[str, Any]:
    parts = urlsplit(configuration.database_url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadInput(
            "DATABASE_URL is not the address of a PostgreSQL database",
            field="DATABASE_URL",
            mend="write postgresql://user:password@host:port/name, or leave it out for SQLite",
        )
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    milliseconds = int(configuration.database_patience * 1000)
    return {
        "ENGINE": "equipoise.service.platform.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "connect_timeout": max(2, int(configuration.database_patience)),
            "options": f"-c lock_timeout={milliseconds} "
            f"-c idle_in_transaction_session_timeout={10 * milliseconds}",
        },
    }
