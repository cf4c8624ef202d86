"""One log line for each try to be somebody: who by number, by which factor, and whether it worked.

Names are not logged: people type passwords where a name belongs. A try with a name that nobody has
and one with a wrong password look alike, as they do outside.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth

from equipoise.service.platform.operations.logs import facts, log

_log = log("logins")
_LINES = (
    (auth.user_logged_in, "logged in"),
    (auth.user_logged_out, "logged out"),
    (account.password_set, "password set"),
    (account.password_changed, "password changed"),
    (mfa.authenticator_used, "second factor used"),
    (mfa.authenticator_added, "second factor added"),
    (mfa.authenticator_removed, "second factor removed"),
    (mfa.authenticator_reset, "second factor made anew"),
)
_REFUSALS = (
    (auth.user_login_failed, "log-in refused"),
    (mfa.authentication_failed, "second factor refused"),
)


def write_log_lines() -> None:
    """Have a line written at each of these moments; called once, when the apps are ready."""
    for signal, text in _LINES:
        signal.connect(_line(_log.info, text), weak=False, dispatch_uid=f"logins.{text}")
    for signal, text in _REFUSALS:
        signal.connect(_line(_log.warning, text), weak=False, dispatch_uid=f"logins.{text}")


def _line(write: Any, text: str) -> Any:
    def receive(**event: Any) -> None:
        person = getattr(event.get("user"), "pk", None)
        factor = getattr(event.get("authenticator"), "type", None)
        write(text, extra=facts(person=person, factor=factor))

    return receive
