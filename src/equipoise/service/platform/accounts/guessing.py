"""Where passwords and codes are guessed: each door asks for its turn before it looks.

The pace and what is counted are `login.guesses`; here it is said at what and by whom. What is
refused is told with a page and `Retry-After`, the same for every name.
"""

from __future__ import annotations

import math
from datetime import timedelta
from urllib.parse import urlencode

from allauth.account.forms import ChangePasswordForm as PasswordForm
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from equipoise.service.platform.login.callers import address_of
from equipoise.service.platform.login.devices import known_device
from equipoise.service.platform.login.guesses import (
    CODE,
    PASSWORD,
    Guess,
    Pace,
    TooManyGuesses,
    name_of,
    take,
    take_alone,
)
from equipoise.service.platform.operations.logs import facts, log

_log = log("logins")


def guess_password(request: HttpRequest, username: str) -> Guess:
    """Ask for a turn at the person's password. Raises ImmediateHttpResponse where there is none."""
    return _guess(request, PASSWORD, "password", username)


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The second factor at log-in."""

    def clean_code(self) -> str:
        guess = _guess_code(self.user)
        code: str = super().clean_code()
        guess.right()
        return code


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The second factor, asked for again."""

    def clean_code(self) -> str:
        guess = _guess_code(self.user)
        code: str = super().clean_code()
        guess.right()
        return code


class ChangePasswordForm(PasswordForm):  # type: ignore[misc]
    """A new password, for whoever knows the one of now."""

    def clean_oldpassword(self) -> str:
        guess = guess_password(context.request, self.user.get_username())
        password: str = super().clean_oldpassword()
        guess.right()
        return password


def _guess_code(user: AbstractBaseUser) -> Guess:
    return _guess(context.request, CODE, "code", user.get_username())


def _guess(request: HttpRequest, pace: Pace, what: str, username: str) -> Guess:
    name = name_of(username)
    device = known_device(request, name)
    try:
        if device:
            return take_alone(pace, f"{what} of {name} in {device}")
        return take(pace, f"{what} of {name}", address_of(request))
    except TooManyGuesses as error:
        _log.warning("too many guesses", extra=facts(factor=what, known_device=bool(device)))
        raise ImmediateHttpResponse(_wait_page(request, what, error.wait)) from None


def _wait_page(request: HttpRequest, what: str, wait: timedelta) -> HttpResponse:
    seconds = math.ceil(wait.total_seconds())
    leads = {"next": request.POST["next"]} if request.POST.get("next") else request.GET.dict()
    again = f"{request.path}?{urlencode(leads)}" if leads else request.path
    shown = {"what": what, "wait": _words(seconds), "again": again}
    page = render(request, "frame/wait.html", shown, status=429)
    page["Retry-After"] = str(seconds)
    return page


def _words(seconds: int) -> str:
    number, unit = (seconds, "second") if seconds < 120 else (math.ceil(seconds / 60), "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"
