"""Logs as one JSON object per line, with the request's id and without anyone's data.

What is logged is chosen, not filtered: our own messages are constant texts with named facts beside
them; of another library's message only a text with places for arguments is kept, and never the
arguments: one without places may have been put together from what somebody sent. Of an exception
its type and where it arose are kept, never its message.
"""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any

OURS = "equipoise"
_KNOWN = (OURS, "_granian")  # write nothing that people send
request_id: ContextVar[str] = ContextVar("request_id", default="")


def log(name: str) -> logging.Logger:
    """The logger of one of our rooms."""
    return logging.getLogger(f"{OURS}.{name}")


def facts(**known: str | int | float | bool | None) -> dict[str, Any]:
    """Named facts for a log line: `log(...).info("decided", extra=facts(ms=3))`.

    Only identifiers we made, counts, times and names from our own lists belong here.
    """
    return {"facts": known}


class JsonLines(logging.Formatter):
    """One JSON object per record."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "message": _text(record),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = shape_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _text(record: logging.LogRecord) -> str:
    known = record.name.split(".")[0] in _KNOWN
    return str(record.msg) if known or record.args else "(text left out)"


def shape_of(error: BaseException) -> dict[str, Any]:
    """An exception's type and where it arose; never its message."""
    frames = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in extract_tb(error.__traceback__)[-12:]
    ]
    return {"type": type(error).__name__, "frames": frames}


def logging_settings(level: str) -> dict[str, Any]:
    """What Django's LOGGING takes: everything to stderr as JSON lines."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": f"{__name__}.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            OURS: {"level": level, "handlers": ["stderr"], "propagate": False},
            "django": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
            # Refusals are in our own request line already.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
