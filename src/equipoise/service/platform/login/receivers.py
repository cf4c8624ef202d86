"""What a session does when its person proves who they are, or changes how they do.

Its key is exchanged at each proof (a password, a second factor, either again), so that nobody who
knew it before, or planted it, has it afterwards.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse

from equipoise.service.platform.login.callers import address_of, browser_of
from equipoise.service.platform.login.devices import forget_devices, known_device, remember_device
from equipoise.service.platform.login.sessions import end_sessions
from equipoise.service.platform.login.store import SessionStore


def connect() -> None:
    """Listen to Django and allauth."""
    from allauth.account import signals as account
    from allauth.mfa import signals as factors

    user_logged_in.connect(_begin)
    account.user_logged_in.connect(_know_device)
    account.authentication_step_completed.connect(_exchange_key)
    for changed in (
        account.password_changed,
        account.password_set,
        account.password_reset,
        factors.authenticator_added,
        factors.authenticator_removed,
        factors.authenticator_reset,
    ):
        changed.connect(_end_others)


def _begin(request: HttpRequest, **_: Any) -> None:
    session = cast(SessionStore, request.session)
    session.begin()
    session.browser = browser_of(request.META.get("HTTP_USER_AGENT", ""))
    session.address = address_of(request)


def _know_device(request: HttpRequest, response: HttpResponse, user: Any, **_: Any) -> None:
    remember_device(request, response, user.pk, user.get_username())


def _exchange_key(request: HttpRequest, **_: Any) -> None:
    request.session.cycle_key()


def _end_others(request: HttpRequest, user: Any, **_: Any) -> None:
    forget_devices(user.pk, but=known_device(request, user.get_username()))
    end_sessions(user.pk, but=cast(SessionStore, request.session).digest)
