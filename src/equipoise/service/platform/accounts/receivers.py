"""What people do to their own way in, told to the record as they do it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import signals as auth
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from equipoise.record.events import Event
from equipoise.service.platform.accounts.events import FactorAdded, FactorRemoved, UserLetIn
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.origins import mark_browser
from equipoise.service.platform.accounts.rights import PROVIDER
from equipoise.service.platform.accounts.services import hand_over
from equipoise.service.platform.record import services as record


def connect() -> None:
    """Listen to allauth."""
    from allauth.account import signals as account
    from allauth.mfa import signals as factors

    account.user_logged_in.connect(_mark)
    account.user_signed_up.connect(_let_in)
    for changed in (account.password_changed, account.password_set, account.password_reset):
        changed.connect(_own_password)
    factors.authenticator_added.connect(_factor_added)
    factors.authenticator_removed.connect(_factor_removed)
    auth.user_logged_out.connect(_clear_browser)


def _clear_browser(request: HttpRequest | None, **_: Any) -> None:
    """Pages keep nothing in the browser's storage; if ever one does, it ends with the session. Not
    cookies: one of them tells the browser that this person is known in."""
    if request is not None:
        request.answer_headers = {"Clear-Site-Data": '"storage"'}  # type: ignore[attr-defined]


def _mark(request: HttpRequest, response: HttpResponse | None = None, **_: Any) -> None:
    if response is not None:
        mark_browser(request, response)


def _let_in(user: User, sociallogin: Any = None, **_: Any) -> None:
    """Somebody came by the identity provider: the account is theirs, by what they log in with
    there, and has no role."""
    if sociallogin is None:
        return
    with transaction.atomic():
        user.invited_by, user.handed_over_at = PROVIDER, timezone.now()
        user.save(update_fields=["invited_by", "handed_over_at"])
        event = UserLetIn(**user.rights.as_dict(), by=PROVIDER)
        record.append(record.event(f"user.{user.pk}", event, begins=True, rows=(user,)))


def _own_password(user: User, **_: Any) -> None:
    hand_over(user)


def _factor_added(user: User, authenticator: Any, **_: Any) -> None:
    by = f"user.{user.pk}"
    _tell(user, FactorAdded(type=str(authenticator.type), by=by))


def _factor_removed(user: User, authenticator: Any, **_: Any) -> None:
    by = f"user.{user.pk}"
    _tell(user, FactorRemoved(type=str(authenticator.type), by=by))


def _tell(user: User, event: Event) -> None:
    with transaction.atomic():
        record.append(record.event(f"user.{user.pk}", event))
