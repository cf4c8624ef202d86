"""What can go wrong, as the server tells it: what, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """The service did not do what was asked.

    `status` is HTTP's, 0 where nothing answered; `kind` the problem's name in the service's
    catalogue (`other-body`; the service describes it at `/problems/other-body`); `field` where it
    lies and `mend` what would mend it, where the server says so; `faults` all of several;
    `request` the id under which the server's log has it; `retry_after` seconds the server asks to
    wait; `key` the Idempotency-Key under which the same request may be sent again.
    """

    def __init__(self, status: int, body: Mapping[str, Any], **known: Any) -> None:
        self.status = status
        self.kind = kind_of(body)
        self.message = str(body.get("detail") or f"the service answered {status}")
        self.field: str | None = body.get("field")
        self.mend: str | None = body.get("mend")
        self.faults: tuple[Mapping[str, Any], ...] = tuple(body.get("faults") or ())
        self.request: str = known.get("request", "")
        self.retry_after: float | None = known.get("retry_after")
        self.key: str | None = known.get("key")
        super().__init__(self._text())

    def _text(self) -> str:
        parts = [f"{self.field}: {self.message}" if self.field else self.message]
        parts += [f"{each.get('field', '')}: {each.get('detail', '')}" for each in self.faults]
        if self.mend:
            parts.append(self.mend)
        return "; ".join(parts)


class Invalid(Problem):
    """400, 405, 413, 415 or 422: the request has to be mended before it is sent again."""


class NotAllowed(Problem):
    """401 or 403: the key is not in force, or has no right to this; a test key changes nothing."""


class NotFound(Problem):
    """404: there is no such thing, or it is somebody else's."""


class Conflict(Problem):
    """409: not as things stand."""


class Gone(Problem):
    """410: the applicant was erased."""


class TooOften(Problem):
    """429, after every retry: too many requests with this key."""


class Unavailable(Problem):
    """5xx, after every retry: whether it was done is not known. Ask again under the same key."""


class Unreachable(Problem):
    """Nothing answered, after every retry: as with Unavailable."""


_BY_KIND: Mapping[str, type[Problem]] = {
    "not-authenticated": NotAllowed,
    "not-allowed": NotAllowed,
    "in-the-clear": NotAllowed,
    "test-key": NotAllowed,
    "beyond-authority": NotAllowed,
    "not-found": NotFound,
    "not-as-things-stand": Conflict,
    "own-work": Conflict,
    "two-people-needed": Conflict,
    "no-room": Conflict,
    "gates-not-passed": Conflict,
    "in-progress": Conflict,
    "written-meanwhile": Conflict,
    "gone": Gone,
    "too-many-requests": TooOften,
    **dict.fromkeys(
        (
            "unreadable-request",
            "idempotency-key-needed",
            "wrong-method",
            "body-too-large",
            "wrong-content-type",
            "invalid-request",
            "unknown-parameter",
            "invalid-value",
            "several-faults",
            "other-body",
            "forbidden-address",
        ),
        Invalid,
    ),
    **dict.fromkeys(
        (
            "too-slow",
            "internal",
            "no-strategy-in-force",
            "strategy-unusable",
            "facts-unreadable",
            "busy",
            "unavailable",
            "not-ready",
        ),
        Unavailable,
    ),
}
# What stands before the service, a proxy, tells its own; and a newer service knows more kinds.
_BY_STATUS: Mapping[int, type[Problem]] = {
    0: Unreachable,
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    408: Unavailable,
    409: Conflict,
    410: Gone,
    429: TooOften,
}


def kind_of(body: Mapping[str, Any]) -> str:
    """The kind's name: the last part of its `type`; empty where there is none."""
    return str(body.get("type") or "").rstrip("/").rpartition("/")[2]


def problem(status: int, body: Mapping[str, Any], **known: Any) -> Problem:
    """The exception for an answer that is no success: by its type, else by its status."""
    fitting = Unavailable if status >= 500 else Invalid if status >= 400 else Problem
    kind = _BY_KIND.get(kind_of(body)) or _BY_STATUS.get(status, fitting)
    return kind(status, body, **known)
