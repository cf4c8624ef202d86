"""Where a request came from, as far as two people can be told apart by it.

A browser in which somebody has logged in here, or redeemed an invitation, bears a mark of its own.
What is kept of the mark and of the network address are digests under the service's secret key: they
say whether two are the same, and nothing else.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from equipoise.service.platform.accounts.standing import Origin

COOKIE = settings.BROWSER_COOKIE_NAME
_AGE = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
_MARK = 32  # characters
_DIGITS = 24


def origin_of(request: HttpRequest) -> Origin:
    """Where the request came from."""
    return Origin(_digest("browser", mark_of(request)), _digest("address", _address(request)))


def mark_of(request: HttpRequest) -> str:
    """The browser's mark; empty where it bears none."""
    mark = request.COOKIES.get(COOKIE, "")
    return mark if len(mark) == _MARK and mark.isalnum() else ""


def mark_browser(request: HttpRequest, response: HttpResponse) -> None:
    """Have the browser bear a mark from now on; one that it bears already stays."""
    mark = mark_of(request) or secrets.token_hex(_MARK // 2)
    request.COOKIES[COOKIE] = mark
    response.set_cookie(
        COOKIE,
        mark,
        max_age=_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def as_kept(origin: Origin) -> dict[str, str]:
    """An origin as a row keeps it."""
    return {"browser": origin.browser, "address": origin.address}


def from_kept(kept: dict[str, Any]) -> Origin:
    """An origin as a row kept it."""
    return Origin(kept.get("browser", ""), kept.get("address", ""))


def _address(request: HttpRequest) -> str:
    from allauth.core.internal.ratelimit import get_ip

    try:
        return str(get_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        return ""


def _digest(kind: str, text: str) -> str:
    if not text:
        return ""
    return salted_hmac(f"equipoise.{kind}", text, algorithm="sha256").hexdigest()[:_DIGITS]
