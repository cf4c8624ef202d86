"""Whose sessions there are, and ending them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from equipoise.service.platform.login.models import Session
from equipoise.service.platform.login.store import in_force


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A person's session: in which browser, since when, last used when, until when unless it is
    used. One that is not `logged_in` owes the second factor."""

    id: str
    digest: str
    logged_in: bool
    begun_at: datetime
    seen_at: datetime
    expires_at: datetime
    browser: str
    address: str


_SHOWN = tuple(OpenSession.__dataclass_fields__)


def sessions_of(user_id: int) -> Sequence[OpenSession]:
    """The person's sessions that have not ended, the last used first."""
    rows = in_force().filter(user_id=user_id).order_by("-seen_at", "id")
    return [OpenSession(*row) for row in rows.values_list(*_SHOWN)]


def end_sessions(user_id: int, *, but: str = "") -> int:
    """End the person's sessions, those half-way through a log-in too, from their next request on;
    how many ended. `but` is the digest of one that goes on.

    Inside the caller's transaction, where there is one.
    """
    ended: int = in_force().filter(user_id=user_id).exclude(digest=but).count()
    Session.objects.filter(user_id=user_id).exclude(digest=but).delete()
    return ended


def end_session(user_id: int, session_id: str) -> None:
    """End one of the person's sessions. Raises DoesNotExist where they have none of that id."""
    if not Session.objects.filter(user_id=user_id, id=session_id).delete()[0]:
        raise Session.DoesNotExist
