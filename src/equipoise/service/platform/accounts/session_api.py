"""Endpoints about one's own sessions: which there are, and ending them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from ninja import Router, Schema, Status

from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.login.sessions import (
    OpenSession,
    end_session,
    end_sessions,
    sessions_of,
)
from equipoise.service.platform.login.store import SessionStore

router = Router(tags=["accounts"])
_MAY = May(Action.END_SESSIONS)


class SessionOut(Schema):
    """A session of one's own: in which browser, since when, last used when. It ends at `ends_at`
    unless it is used before. `current` is the one that asks; one that is not `logged_in` was begun
    with the right password, and the second factor is owed."""

    id: str
    browser: str
    address: str
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime
    current: bool
    logged_in: bool


class SessionsOut(Schema):
    """All of them, the last used first."""

    items: list[SessionOut]


@router.get("/sessions", auth=_MAY, response=SessionsOut)
def list_sessions(request: HttpRequest) -> Any:
    """Where am I logged in?"""
    rows = sessions_of(_person(request))
    return {"items": [_session_out(row, _current(request)) for row in rows]}


@router.delete("/sessions", auth=_MAY, response={204: None})
def end_others(request: HttpRequest) -> Any:
    """End all of one's sessions but the one that asks."""
    end_sessions(_person(request), but=_current(request))
    return Status(204, None)


@router.delete("/sessions/{session_id}", auth=_MAY, response={204: None})
def end_one(request: HttpRequest, session_id: str) -> Any:
    """End one of one's sessions, from its next request on."""
    end_session(_person(request), session_id)
    return Status(204, None)


def _session_out(row: OpenSession, current: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "browser": row.browser,
        "address": row.address,
        "begun_at": row.begun_at,
        "seen_at": row.seen_at,
        "ends_at": row.expires_at,
        "current": row.digest == current,
        "logged_in": row.logged_in,
    }


def _person(request: HttpRequest) -> int:
    return int(caller(request).id.removeprefix("user."))


def _current(request: HttpRequest) -> str:
    return cast(SessionStore, request.session).digest
